namespace Strowger.Smpp;

/// <summary>
/// submit_sm, SMPP 3.4 section 4.4.1:
/// service_type 6 | source ton 1, npi 1, addr 21 | dest ton 1, npi 1, addr 21 | esm_class 1 | protocol_id 1 | priority_flag 1 |
/// schedule_delivery_time 1 or 17 | validity_period 1 or 17 | registered_delivery 1 | replace_if_present_flag 1 |
/// data_coding 1 | sm_default_msg_id 1 | sm_length 1 | short_message 0-254 | TLVs.
/// Every span is a slice of the received octets: copy what outlives the callback.
/// </summary>
public readonly ref struct SubmitSm
{
    /// <summary>The fixed octets of the body: 5 NULs, 4 of ton and npi, 8 single fields.</summary>
    private const int FixedBytes = SmppLimits.HeaderBytes + 5 + 4 + 8;

    /// <summary>Fields in wire order; written straight into the caller's copy, which a hot decoder notices.</summary>
    private SubmitSm(scoped ref BodyReader reader)
    {
        ServiceType = reader.CString(SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type");
        SourceTon = reader.Byte("source_addr_ton");
        SourceNpi = reader.Byte("source_addr_npi");
        Source = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr");
        DestinationTon = reader.Byte("dest_addr_ton");
        DestinationNpi = reader.Byte("dest_addr_npi");
        Destination = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr");
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
    public byte DestinationTon { get; init; }
    public byte DestinationNpi { get; init; }
    public ReadOnlySpan<byte> Destination { get; init; }
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

    /// <summary>The user data wherever it stands: short_message, or message_payload when that is empty (section 5.3.2.32).</summary>
    public ReadOnlySpan<byte> UserData =>
        ShortMessage.IsEmpty && Tlvs.TryGet(TlvTag.MessagePayload, out var payload) ? payload : ShortMessage;

    public int EncodedLength =>
        FixedBytes + ServiceType.Length + Source.Length + Destination.Length + ScheduleDeliveryTime.Length + ValidityPeriod.Length
        + ShortMessage.Length + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out SubmitSm pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new SubmitSm(ref reader);
        return reader.Finish(out fault);
    }

    /// <summary>The first rule of the standard that these fields break, if any.</summary>
    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(ServiceType, SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type", ref fault);
        FieldCheck.CString(Source, SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr", ref fault);
        FieldCheck.CString(Destination, SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr", ref fault);
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

        var writer = new BodyWriter(destination, length, CommandId.SubmitSm, CommandStatus.Ok, sequence);
        writer.CString(ServiceType);
        writer.Address(SourceTon, SourceNpi, Source);
        writer.Address(DestinationTon, DestinationNpi, Destination);
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
}
