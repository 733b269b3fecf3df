namespace Strowger.Smpp;

/// <summary>
/// alert_notification, SMPP 3.4 section 4.12.1: source ton 1, npi 1, addr 65 | esme ton 1, npi 1, addr 65 | TLVs
/// (ms_availability_status). Has no response.
/// </summary>
public readonly ref struct AlertNotification
{
    public byte SourceTon { get; init; }
    public byte SourceNpi { get; init; }
    public ReadOnlySpan<byte> Source { get; init; }
    public byte EsmeTon { get; init; }
    public byte EsmeNpi { get; init; }
    public ReadOnlySpan<byte> Esme { get; init; }
    public Tlvs Tlvs { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + Source.Length + Esme.Length + 6 + Tlvs.Bytes.Length;

    public static bool TryDecode(ReadOnlySpan<byte> body, out AlertNotification pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new AlertNotification
        {
            SourceTon = reader.Byte("source_addr_ton"),
            SourceNpi = reader.Byte("source_addr_npi"),
            Source = reader.CString(SmppLimits.LongAddressBytes, CommandStatus.InvalidSourceAddress, "source_addr"),
            EsmeTon = reader.Byte("esme_addr_ton"),
            EsmeNpi = reader.Byte("esme_addr_npi"),
            Esme = reader.CString(SmppLimits.LongAddressBytes, CommandStatus.InvalidDestinationAddress, "esme_addr"),
            Tlvs = reader.LenientTlvs(),
        };
        return reader.Finish(out fault);
    }

    /// <summary>Returns the octets written, 0 when there is no room.</summary>
    public int Encode(Span<byte> destination, uint sequence)
    {
        PduFault fault = default;
        FieldCheck.CString(Source, SmppLimits.LongAddressBytes, CommandStatus.InvalidSourceAddress, "source_addr", ref fault);
        FieldCheck.CString(Esme, SmppLimits.LongAddressBytes, CommandStatus.InvalidDestinationAddress, "esme_addr", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        var writer = new BodyWriter(destination, length, CommandId.AlertNotification, CommandStatus.Ok, sequence);
        writer.Address(SourceTon, SourceNpi, Source);
        writer.Address(EsmeTon, EsmeNpi, Esme);
        writer.Bytes(Tlvs.Bytes);
        return length;
    }
}
