using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>One refused destination in submit_multi_resp, SMPP 3.4 section 4.5.2.1: ton 1 | npi 1 | addr 21 | error_status_code 4.</summary>
public readonly ref struct UnsuccessfulSme
{
    public byte Ton { get; init; }
    public byte Npi { get; init; }
    public ReadOnlySpan<byte> Address { get; init; }
    public uint Status { get; init; }

    public int EncodedLength => Address.Length + 7;

    /// <summary>Returns the octets written, 0 when there is no room.</summary>
    public int Encode(Span<byte> destination)
    {
        PduFault fault = default;
        FieldCheck.CString(Address, SmppLimits.AddressBytes, CommandStatus.InvalidDestinationAddress, "destination_addr", ref fault);
        FieldCheck.ThrowIfFaulty(fault);
        int length = EncodedLength;
        if (destination.Length < length)
        {
            return 0;
        }

        destination[0] = Ton;
        destination[1] = Npi;
        Address.CopyTo(destination[2..]);
        destination[Address.Length + 2] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[(Address.Length + 3)..], Status);
        return length;
    }

    internal static UnsuccessfulSme Read(scoped ref BodyReader reader) => new()
    {
        Ton = reader.Byte("dest_addr_ton"),
        Npi = reader.Byte("dest_addr_npi"),
        Address = reader.CString(SmppLimits.LenientFieldBytes, CommandStatus.InvalidDestinationAddress, "destination_addr"),
        Status = reader.UInt32("error_status_code"),
    };
}
