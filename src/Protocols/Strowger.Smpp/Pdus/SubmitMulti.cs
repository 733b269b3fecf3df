namespace Strowger.Smpp;

/// <summary>
/// submit_multi, SMPP 3.4 section 4.5.1: as submit_sm, with number_of_dests 1 and that many dest_address entries in place of the
/// one destination.
/// </summary>
public readonly ref struct SubmitMulti
{
    /// <summary>4 NULs, 2 of ton and npi, number_of_dests, 8 single fields.</summary>
    private const int FixedBytes = SmppLimits.HeaderBytes + 4 + 2 + 1 + 8;

    /// <summary>Fields in wire order; written straight into the caller's copy, which a hot decoder notices.</summary>
    private SubmitMulti(scoped ref BodyReader reader, ReadOnlySpan<byte> body)
    {
        ServiceType = reader.CString(SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type");
        SourceTon = reader.Byte("source_addr_ton");
        SourceNpi = reader.Byte("source_addr_npi");
        Source = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr");
        Destinations = ReadDestinations(ref reader, body);
        EsmClass = reader.Byte("esm_class");
        ProtocolId = reader.Byte("protocol_id");
        PriorityFlag = reader.Byte("priority_flag");
        ScheduleDeliveryTime = reader.CString(SmppLimits.TimeBytes, CommandStatus.InvalidScheduledTime, "schedule_delivery_time");
        ValidityPeriod = reader.CString(SmppLimits.TimeBytes, CommandStatus.InvalidExpiryTime, "validity_period");
        RegisteredDelivery = reader.Byte("registered_delivery");
        ReplaceIfPresent = reader.Byte("replace_if_present_flag");
        DataCoding = reader.Byte("data_coding");
        DefaultMessageId = reader.Byte("sm_default_msg_id");
        ShortMessage = reader.ShortMessage();
        Tlvs = reader.Tlvs();
    }

    public ReadOnlySpan<byte> ServiceType { get; init; }
    public byte SourceTon { get; init; }
    public byte SourceNpi { get; init; }
    public ReadOnlySpan<byte> Source { get; init; }
    public MultiDestinations Destinations { get; init; }
    public byte EsmClass { get; init; }
    public byte ProtocolId { get; init; }
    public byte PriorityFlag { get; init; }
    public ReadOnlySpan<byte> ScheduleDeliveryTime { get; init; }
    public ReadOnlySpan<byte> ValidityPeriod { get; init; }
    public byte RegisteredDelivery { get; init; }
    public byte ReplaceIfPresent { get; init; }
    public byte DataCoding { get; init; }
    public byte DefaultMessageId { get; init; }
    public ReadOnlySpan<byte> ShortMessage { get; init; }
    public Tlvs Tlvs { get; init; }

    public ReadOnlySpan<byte> UserData =>
        ShortMessage.IsEmpty && Tlvs.TryGet(TlvTag.MessagePayload, out var payload) ? payload : ShortMessage;

    public int EncodedLength =>
        FixedBytes + ServiceType.Length + Source.Length + Destinations.Bytes.Length + ScheduleDeliveryTime.Length
        + ValidityPeriod.Length + ShortMessage.Length + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out SubmitMulti pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new SubmitMulti(ref reader, body);
        return reader.Finish(out fault);
    }

    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(ServiceType, SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type", ref fault);
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

        var writer = new BodyWriter(destination, length, CommandId.SubmitMulti, CommandStatus.Ok, sequence);
        writer.CString(ServiceType);
        writer.Address(SourceTon, SourceNpi, Source);
        writer.Byte(Destinations.Count);
        writer.Bytes(Destinations.Bytes);
        writer.Byte(EsmClass);
        writer.Byte(ProtocolId);
        writer.Byte(PriorityFlag);
        writer.CString(ScheduleDeliveryTime);
        writer.CString(ValidityPeriod);
        writer.Byte(RegisteredDelivery);
        writer.Byte(ReplaceIfPresent);
        writer.Byte(DataCoding);
        writer.Byte(DefaultMessageId);
        writer.Byte((byte)ShortMessage.Length);
        writer.Bytes(ShortMessage);
        writer.Bytes(Tlvs.Bytes);
        return length;
    }

    private static MultiDestinations ReadDestinations(scoped ref BodyReader reader, ReadOnlySpan<byte> body)
    {
        byte count = reader.Byte("number_of_dests");
        if (count is 0 or > SmppLimits.MaxDestinations)
        {
            reader.Fail(CommandStatus.InvalidNumberOfDestinations, "number_of_dests", "is not 1 to 254");
        }

        int start = body.Length - reader.Left;
        for (int i = 0; i < count && reader.Finish(out _); i++)
        {
            MultiDestination.Read(ref reader);
        }

        return reader.Finish(out _) ? new MultiDestinations(count, body[start..^reader.Left]) : default;
    }
}
