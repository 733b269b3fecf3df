namespace Strowger.Smpp;

/// <summary>query_sm, SMPP 3.4 section 4.8.1: message_id 65 | source ton 1, npi 1, addr 21 (as in the submit_sm asked about).</summary>
public readonly ref struct QuerySm
{
    public ReadOnlySpan<byte> MessageId { get; init; }
    public byte SourceTon { get; init; }
    public byte SourceNpi { get; init; }
    public ReadOnlySpan<byte> Source { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + MessageId.Length + Source.Length + 4;

    public static bool TryDecode(ReadOnlySpan<byte> body, out QuerySm pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new QuerySm
        {
            MessageId = reader.CString(SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id"),
            SourceTon = reader.Byte("source_addr_ton"),
            SourceNpi = reader.Byte("source_addr_npi"),
            Source = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr"),
        };
        return reader.Finish(out fault);
    }

    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.CString(Source, SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr", ref fault);
        return fault;
    }

    /// <summary>Returns the octets written, 0 when there is no room. Throws when <see cref="Check"/> finds a fault.</summary>
    public int Encode(Span<byte> destination, uint sequence)
    {
        FieldCheck.ThrowIfFaulty(Check());
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.QuerySm, CommandStatus.Ok, sequence);
        writer.CString(MessageId);
        writer.Address(SourceTon, SourceNpi, Source);
        return length;
    }
}
