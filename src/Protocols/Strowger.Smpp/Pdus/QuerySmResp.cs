namespace Strowger.Smpp;

/// <summary>query_sm_resp, SMPP 3.4 section 4.8.2: message_id 65 | final_date 1 or 17 | message_state 1 | error_code 1.</summary>
public readonly ref struct QuerySmResp
{
    public ReadOnlySpan<byte> MessageId { get; init; }
    public ReadOnlySpan<byte> FinalDate { get; init; }
    public byte MessageState { get; init; }
    public byte ErrorCode { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + MessageId.Length + FinalDate.Length + 4;

    public static bool TryDecode(ReadOnlySpan<byte> body, out QuerySmResp pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new QuerySmResp
        {
            MessageId = reader.CString(SmppLimits.LenientFieldBytes, CommandStatus.InvalidMessageId, "message_id"),
            FinalDate = reader.CString(SmppLimits.LenientFieldBytes, CommandStatus.QueryFailed, "final_date"),
            MessageState = reader.Byte("message_state"),
            ErrorCode = reader.Byte("error_code"),
        };
        return reader.Finish(out fault);
    }

    /// <summary>Returns the octets written, 0 when there is no room. An error is written without a body.</summary>
    public int Encode(Span<byte> destination, uint status, uint sequence)
    {
        if (status != CommandStatus.Ok)
        {
            return PduHeader.WriteBare(destination, CommandId.QuerySmResp, status, sequence);
        }

        PduFault fault = default;
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.CString(FinalDate, SmppLimits.TimeBytes, CommandStatus.QueryFailed, "final_date", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.QuerySmResp, status, sequence);
        writer.CString(MessageId);
        writer.CString(FinalDate);
        writer.Byte(MessageState);
        writer.Byte(ErrorCode);
        return length;
    }
}
