namespace Strowger.Smpp;

/// <summary>
/// submit_multi_resp, SMPP 3.4 section 4.5.2: message_id 65 | no_unsuccess 1 | that many of: ton 1, npi 1, addr 21, error_status_code 4.
/// </summary>
public readonly ref struct SubmitMultiResp
{
    public ReadOnlySpan<byte> MessageId { get; init; }

    /// <summary>no_unsuccess.</summary>
    public byte UnsuccessfulCount { get; init; }

    /// <summary>The encoded unsuccess_sme entries.</summary>
    public ReadOnlySpan<byte> Unsuccessful { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + MessageId.Length + 2 + Unsuccessful.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out SubmitMultiResp pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        var messageId = reader.LenientCString(SmppLimits.LenientFieldBytes, CommandStatus.InvalidMessageId, "message_id");
        byte count = reader.Left == 0 ? (byte)0 : reader.Byte("no_unsuccess");
        int start = body.Length - reader.Left;
        for (int i = 0; i < count && reader.Finish(out _); i++)
        {
            UnsuccessfulSme.Read(ref reader);
        }

        bool ok = reader.Finish(out fault);
        pdu = ok
            ? new SubmitMultiResp { MessageId = messageId, UnsuccessfulCount = count, Unsuccessful = body[start..^reader.Left] }
            : default;
        return ok;
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Returns the octets written, 0 when there is no room. An error is written without a body.</summary>
    public int Encode(Span<byte> destination, uint status, uint sequence)
    {
        if (status != CommandStatus.Ok)
        {
            return PduHeader.WriteBare(destination, CommandId.SubmitMultiResp, status, sequence);
        }

        PduFault fault = default;
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.SubmitMultiResp, status, sequence);
        writer.CString(MessageId);
        writer.Byte(UnsuccessfulCount);
        writer.Bytes(Unsuccessful);
        return length;
    }

    public ref struct Enumerator(SubmitMultiResp response)
    {
        private BodyReader _reader = new(response.Unsuccessful);
        private int _left = response.UnsuccessfulCount;

        public UnsuccessfulSme Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            Current = UnsuccessfulSme.Read(ref _reader);
            return _reader.Finish(out _);
        }
    }
}
