namespace Strowger.Smpp;

/// <summary>
/// One entry of submit_multi's dest_address, SMPP 3.4 section 4.5.1.1: dest_flag 1, then for flag 1 (SME address)
/// ton 1, npi 1, addr 21, for flag 2 dl_name 21.
/// </summary>
public readonly ref struct MultiDestination
{
    private const byte SmeFlag = 1;
    private const byte ListFlag = 2;

    public bool IsDistributionList { get; init; }
    public byte Ton { get; init; }
    public byte Npi { get; init; }

    /// <summary>The address, or the name of the distribution list.</summary>
    public ReadOnlySpan<byte> Address { get; init; }

    public int EncodedLength => Address.Length + (IsDistributionList ? 2 : 4);

    /// <summary>Returns the octets written, 0 when there is no room.</summary>
    public int Encode(Span<byte> destination)
    {
        PduFault fault = default;
        FieldCheck.CString(Address, SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        if (destination.Length < EncodedLength)
        {
            return 0;
        }

        int at = 0;
        destination[at++] = IsDistributionList ? ListFlag : SmeFlag;
        if (!IsDistributionList)
        {
            destination[at++] = Ton;
            destination[at++] = Npi;
        }

        Address.CopyTo(destination[at..]);
        at += Address.Length;
        destination[at++] = 0;
        return at;
    }

    internal static MultiDestination Read(scoped ref BodyReader reader)
    {
        byte flag = reader.Byte("dest_flag");
        if (flag == SmeFlag)
        {
            return new MultiDestination
            {
                Ton = reader.Byte("dest_addr_ton"),
                Npi = reader.Byte("dest_addr_npi"),
                Address = reader.CString(SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr"),
            };
        }

        if (flag == ListFlag)
        {
            return new MultiDestination
            {
                IsDistributionList = true,
                Address = reader.CString(SmppLimits.DistributionListBytes, CommandStatus.InvalidDistributionList, "dl_name"),
            };
        }

        reader.Fail(CommandStatus.InvalidDestinationFlag, "dest_flag", "is neither 1 nor 2");
        return default;
    }
}
