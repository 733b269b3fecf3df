namespace Strowger.Smpp;

/// <summary>
/// bind_transmitter, bind_receiver, bind_transceiver, SMPP 3.4 section 4.1:
/// system_id 16 | password 9 | system_type 13 | interface_version 1 | addr_ton 1 | addr_npi 1 | address_range 41.
/// </summary>
public readonly ref struct BindRequest
{
    public BindMode Mode { get; init; }
    public ReadOnlySpan<byte> SystemId { get; init; }
    public ReadOnlySpan<byte> Password { get; init; }
    public ReadOnlySpan<byte> SystemType { get; init; }
    public byte InterfaceVersion { get; init; }
    public byte AddressTon { get; init; }
    public byte AddressNpi { get; init; }
    public ReadOnlySpan<byte> AddressRange { get; init; }

    public int EncodedLength => SmppLimits.HeaderBytes + SystemId.Length + Password.Length + SystemType.Length + AddressRange.Length + 7;

    public static bool IsBind(uint commandId) =>
        commandId is CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver;

    /// <summary>Takes longer credentials than the standard allows: carriers hand them out.</summary>
    public static bool TryDecode(uint commandId, ReadOnlySpan<byte> body, out BindRequest pdu, out PduFault fault)
    {
        var reader = new BodyReader(body);
        pdu = new BindRequest
        {
            Mode = (BindMode)commandId,
            SystemId = reader.CString(SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemId, "system_id"),
            Password = reader.CString(SmppLimits.LenientCredentialBytes, CommandStatus.InvalidPassword, "password"),
            SystemType = reader.CString(SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemType, "system_type"),
            InterfaceVersion = reader.Byte("interface_version"),
            AddressTon = reader.Byte("addr_ton"),
            AddressNpi = reader.Byte("addr_npi"),
            AddressRange = reader.LenientCString(SmppLimits.LenientFieldBytes, CommandStatus.BindFailed, "address_range"),
        };
        return reader.Finish(out fault);
    }

    public PduFault Check()
    {
        PduFault fault = default;
        FieldCheck.CString(SystemId, SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemId, "system_id", ref fault);
        FieldCheck.CString(Password, SmppLimits.LenientCredentialBytes, CommandStatus.InvalidPassword, "password", ref fault);
        FieldCheck.CString(SystemType, SmppLimits.LenientCredentialBytes, CommandStatus.InvalidSystemType, "system_type", ref fault);
        FieldCheck.CString(AddressRange, SmppLimits.AddressRangeBytes, CommandStatus.BindFailed, "address_range", ref fault);
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

        var writer = new BodyWriter(destination, length, (uint)Mode, CommandStatus.Ok, sequence);
        writer.CString(SystemId);
        writer.CString(Password);
        writer.CString(SystemType);
        writer.Byte(InterfaceVersion);
        writer.Address(AddressTon, AddressNpi, AddressRange);
        return length;
    }
}
