namespace Strowger.Smpp;

/// <summary>data_sm_resp, SMPP 3.4 section 4.7.2: message_id 65 | TLVs.</summary>
public readonly ref struct DataSmResp
{
    public ReadOnlySpan<byte> MessageId { get; init; }
    public Tlvs Tlvs { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + MessageId.Length + 1 + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out DataSmResp pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new DataSmResp
        {
            MessageId = reader.LenientCString(SmppLimits.LenientFieldBytes, CommandStatus.InvalidMessageId, "message_id"),
            Tlvs = reader.LenientTlvs(),
        };
        return reader.Finish(out fault);
    }

    /// <summary>Returns the octets written, 0 when there is no room.</summary>
    public int Encode(Span<byte> destination, uint status, uint sequence)
    {
        PduFault fault = default;
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.DataSmResp, status, sequence);
        writer.CString(MessageId);
        writer.Bytes(Tlvs.Bytes);
        return length;
    }
}
