namespace Strowger.Smpp;

/// <summary>
/// cancel_sm, SMPP 3.4 section 4.9.1: service_type 6 | message_id 65 | source ton 1, npi 1, addr 21 | dest ton 1, npi 1, addr 21.
/// Its response is the bare header.
/// </summary>
public readonly ref struct CancelSm
{
    public ReadOnlySpan<byte> ServiceType { get; init; }
    public ReadOnlySpan<byte> MessageId { get; init; }
    public byte SourceTon { get; init; }
    public byte SourceNpi { get; init; }
    public ReadOnlySpan<byte> Source { get; init; }
    public byte DestinationTon { get; init; }
    public byte DestinationNpi { get; init; }
    public ReadOnlySpan<byte> Destination { get; init; }

    public int EncodedLength =>
        SmppLimits.HeaderBytes + ServiceType.Length + MessageId.Length + Source.Length + Destination.Length + 8;

    public static bool TryDecode(ReadOnlySpan<byte> body, out CancelSm pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new CancelSm
        {
            ServiceType = reader.CString(SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type"),
            MessageId = reader.CString(SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id"),
            SourceTon = reader.Byte("source_addr_ton"),
            SourceNpi = reader.Byte("source_addr_npi"),
            Source = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr"),
            DestinationTon = reader.Byte("dest_addr_ton"),
            DestinationNpi = reader.Byte("dest_addr_npi"),
            Destination = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr"),
        };
        return reader.Finish(out fault);
    }

    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(ServiceType, SmppLimits.ServiceTypeBytes, CommandStatus.InvalidServiceType, "service_type", ref fault);
        FieldCheck.CString(MessageId, SmppLimits.MessageIdBytes, CommandStatus.InvalidMessageId, "message_id", ref fault);
        FieldCheck.CString(Source, SmppLimits.AddressBytes, CommandStatus.InvalidSourceAddress, "source_addr", ref fault);
        FieldCheck.CString(Destination, SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr", ref fault);
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

        var writer = new BodyWriter(destination, length, CommandId.CancelSm, CommandStatus.Ok, sequence);
        writer.CString(ServiceType);
        writer.CString(MessageId);
        writer.Address(SourceTon, SourceNpi, Source);
        writer.Address(DestinationTon, DestinationNpi, Destination);
        return length;
    }
}
