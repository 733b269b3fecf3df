namespace Strowger.Smpp;

/// <summary>
/// replace_sm, SMPP 3.4 section 4.10.1: message_id 65 | source ton 1, npi 1, addr 21 | schedule_delivery_time 1 or 17 |
/// validity_period 1 or 17 | registered_delivery 1 | sm_default_msg_id 1 | sm_length 1 | short_message 0-254.
/// Its response is the bare header.
/// </summary>
public readonly ref struct ReplaceSm
{
    public ReadOnlySpan<byte> MessageId { get; init; }
    public byte SourceTon { get; init; }
    public byte SourceNpi { get; init; }
    public ReadOnlySpan<byte> Source { get; init; }
    public ReadOnlySpan<byte> ScheduleDeliveryTime { get; init; }
    public ReadOnlySpan<byte> ValidityPeriod { get; init; }
    public byte RegisteredDelivery { get; init; }
    public byte DefaultMessageId { get; init; }
    public ReadOnlySpan<byte> ShortMessage { get; init; }

    public int EncodedLength =>
        SmppLimits.HeaderBytes + MessageId.Length + Source.Length + ScheduleDeliveryTime.Length + ValidityPeriod.Length
        + ShortMessage.Length + 9;

    public static bool TryDecode(ReadOnlySpan<byte> body, out ReplaceSm pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new ReplaceSm
        {
            MessageId = reader.CString(SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id"),
            SourceTon = reader.Byte("source_addr_ton"),
            SourceNpi = reader.Byte("source_addr_npi"),
            Source = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr"),
            ScheduleDeliveryTime = reader.CString(SmppLimits.TimeBytes, CommandStatus.InvalidScheduledTime, "schedule_delivery_time"),
            ValidityPeriod = reader.CString(SmppLimits.TimeBytes, CommandStatus.InvalidExpiryTime, "validity_period"),
            RegisteredDelivery = reader.Byte("registered_delivery"),
            DefaultMessageId = reader.Byte("sm_default_msg_id"),
            ShortMessage = reader.ShortMessage(),
        };
        return reader.Finish(out fault);
    }

    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.CString(Source, SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr", ref fault);
        FieldCheck.CString(ScheduleDeliveryTime, SmppLimits.TimeBytes, CommandStatus.InvalidScheduledTime, "schedule_delivery_time", ref fault);
        FieldCheck.CString(ValidityPeriod, SmppLimits.TimeBytes, CommandStatus.InvalidExpiryTime, "validity_period", ref fault);
        FieldCheck.ShortMessage(ShortMessage, ref fault);
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

        var writer = new BodyWriter(destination, length, CommandId.ReplaceSm, CommandStatus.Ok, sequence);
        writer.CString(MessageId);
        writer.Address(SourceTon, SourceNpi, Source);
        writer.CString(ScheduleDeliveryTime);
        writer.CString(ValidityPeriod);
        writer.Byte(RegisteredDelivery);
        writer.Byte(DefaultMessageId);
        writer.Byte((byte)ShortMessage.Length);
        writer.Bytes(ShortMessage);
        return length;
    }
}
