namespace Strowger.Smpp;

/// <summary>outbind, SMPP 3.4 section 4.1.7: system_id 16 | password 9. Has no response; the ESME answers with bind_receiver.</summary>
public readonly ref struct Outbind
{
    public ReadOnlySpan<byte> SystemId { get; init; }
    public ReadOnlySpan<byte> Password { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + SystemId.Length + Password.Length + 2;

    public static bool TryDecode(ReadOnlySpan<byte> body, out Outbind pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new Outbind
        {
            SystemId = reader.CString(SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemId, "system_id"),
            Password = reader.LenientCString(SmppLimits.LenientCredentialBytes, CommandStatus.InvalidPassword, "password"),
        };
        return reader.Finish(out fault);
    }

    /// <summary>Returns the octets written, 0 when there is no room.</summary>
    public int Encode(Span<byte> destination, uint sequence)
    {
        PduFault fault = default;
        FieldCheck.CString(SystemId, SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemId, "system_id", ref fault);
        FieldCheck.CString(Password, SmppLimits.LenientCredentialBytes, CommandStatus.InvalidPassword, "password", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.Outbind, CommandStatus.Ok, sequence);
        writer.CString(SystemId);
        writer.CString(Password);
        return length;
    }
}
