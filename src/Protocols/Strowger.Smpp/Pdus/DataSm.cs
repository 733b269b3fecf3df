namespace Strowger.Smpp;

/// <summary>
/// data_sm, SMPP 3.4 section 4.7.1: service_type 6 | source ton 1, npi 1, addr 65 | dest ton 1, npi 1, addr 65 | esm_class 1 |
/// registered_delivery 1 | data_coding 1 | TLVs (the text in message_payload). Goes in both directions.
/// </summary>
public readonly ref struct DataSm
{
    /// <summary>3 NULs, 4 of ton and npi, 3 single fields.</summary>
    private const int FixedBytes = SmppLimits.HeaderBytes + 3 + 4 + 3;

    /// <summary>Fields in wire order; written straight into the caller's copy, which a hot decoder notices.</summary>
    private DataSm(scoped ref BodyReader reader)
    {
        ServiceType = reader.CString(SmppLimits.LenientFieldBytes, CommandStatus.InvalidServiceType, "service_type");
        SourceTon = reader.Byte("source_addr_ton");
        SourceNpi = reader.Byte("source_addr_npi");
        Source = reader.CString(SmppLimits.LongAddressBytes, CommandStatus.InvalidSourceAddress, "source_addr");
        DestinationTon = reader.Byte("dest_addr_ton");
        DestinationNpi = reader.Byte("dest_addr_npi");
        Destination = reader.CString(SmppLimits.LongAddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr");
        EsmClass = reader.Byte("esm_class");
        RegisteredDelivery = reader.Byte("registered_delivery");
        DataCoding = reader.Byte("data_coding");
        Tlvs = reader.LenientTlvs();
    }

    public ReadOnlySpan<byte> ServiceType { get; init; }
    public byte SourceTon { get; init; }
    public byte SourceNpi { get; init; }
    public ReadOnlySpan<byte> Source { get; init; }
    public byte DestinationTon { get; init; }
    public byte DestinationNpi { get; init; }
    public ReadOnlySpan<byte> Destination { get; init; }
    public byte EsmClass { get; init; }
    public byte RegisteredDelivery { get; init; }
    public byte DataCoding { get; init; }
    public Tlvs Tlvs { get; init; }

    public ReadOnlySpan<byte> UserData => Tlvs.TryGet(TlvTag.MessagePayload, out var payload) ? payload : default;

    public int EncodedLength => FixedBytes + ServiceType.Length + Source.Length + Destination.Length + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out DataSm pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new DataSm(ref reader);
        return reader.Finish(out fault);
    }

    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(ServiceType, SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type", ref fault);
        FieldCheck.CString(Source, SmppLimits.LongAddressBytes, CommandStatus.InvalidSourceAddress, "source_addr", ref fault);
        FieldCheck.CString(Destination, SmppLimits.LongAddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr", ref fault);
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

        var writer = new BodyWriter(destination, length, CommandId.DataSm, CommandStatus.Ok, sequence);
        writer.CString(ServiceType);
        writer.Address(SourceTon, SourceNpi, Source);
        writer.Address(DestinationTon, DestinationNpi, Destination);
        writer.Byte(EsmClass);
        writer.Byte(RegisteredDelivery);
        writer.Byte(DataCoding);
        writer.Bytes(Tlvs.Bytes);
        return length;
    }
}
