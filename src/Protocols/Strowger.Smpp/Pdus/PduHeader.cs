using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>
/// The header of every PDU, SMPP 3.4 section 3.2:
/// command_length 4 | command_id 4 | command_status 4 | sequence_number 4, all big-endian.
/// </summary>
/// <param name="Length">Of the whole PDU, header included, in octets.</param>
public readonly record struct PduHeader(uint Length, uint CommandId, uint Status, uint Sequence)
{
    /// <summary>Reads 16 octets; the caller has checked that they are there.</summary>
    public static PduHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32BigEndian(source),
        BinaryPrimitives.ReadUInt32BigEndian(source[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[12..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], CommandId);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Status);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Sequence);
    }

    /// <summary>Writes a PDU that is its header only. Returns 16, or 0 when there is no room.</summary>
    public static int WriteBare(Span<byte> destination, uint commandId, uint status, uint sequence)
    {
        if (destination.Length < SmppLimits.HeaderBytes)
        {
            return 0;
        }

        new PduHeader(SmppLimits.HeaderBytes, commandId, status, sequence).Write(destination);
        return SmppLimits.HeaderBytes;
    }
}
