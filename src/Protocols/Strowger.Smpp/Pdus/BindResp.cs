namespace Strowger.Smpp;

/// <summary>bind_*_resp, SMPP 3.4 section 4.1.2: system_id 16 | TLVs (sc_interface_version). An error may come without a body.</summary>
public readonly ref struct BindResp
{
    public ReadOnlySpan<byte> SystemId { get; init; }
    public Tlvs Tlvs { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + SystemId.Length + 1 + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out BindResp pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new BindResp
        {
            SystemId = reader.LenientCString(SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemId, "system_id"),
            Tlvs = reader.LenientTlvs(),
        };
        return reader.Finish(out fault);
    }

    /// <summary>Returns the octets written, 0 when there is no room.</summary>
    public int Encode(Span<byte> destination, BindMode mode, uint status, uint sequence)
    {
        PduFault fault = default;
        FieldCheck.CString(SystemId, SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemId, "system_id", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, (uint)mode | CommandId.ResponseBit, status, sequence);
        writer.CString(SystemId);
        writer.Bytes(Tlvs.Bytes);
        return length;
    }
}
