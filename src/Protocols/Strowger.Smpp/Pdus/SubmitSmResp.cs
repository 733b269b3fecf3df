namespace Strowger.Smpp;

/// <summary>
/// submit_sm_resp, SMPP 3.4 section 4.4.2: message_id 65 | TLVs (5.0: congestion_state). An error comes without a body from some
/// peers and with one from others; a message_id may lack its NUL.
/// </summary>
public readonly ref struct SubmitSmResp
{
    public ReadOnlySpan<byte> MessageId { get; init; }
    public Tlvs Tlvs { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + MessageId.Length + 1 + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out SubmitSmResp pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new SubmitSmResp
        {
            MessageId = reader.LenientCString(SmppLimits.LenientFieldBytes, CommandStatus.InvalidMessageId, "message_id"),
            Tlvs = reader.LenientTlvs(),
        };
        return reader.Finish(out fault);
    }

    /// <summary>Returns the octets written, 0 when there is no room. An error is written without a body (section 4.4.2).</summary>
    public int Encode(Span<byte> destination, uint status, uint sequence)
    {
        if (status != CommandStatus.Ok)
        {
            return PduHeader.WriteBare(destination, CommandId.SubmitSmResp, status, sequence);
        }

        PduFault fault = default;
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.SubmitSmResp, status, sequence);
        writer.CString(MessageId);
        writer.Bytes(Tlvs.Bytes);
        return length;
    }
}
