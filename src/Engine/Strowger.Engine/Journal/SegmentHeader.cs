using System.Buffers.Binary;

namespace Strowger.Engine.Journaling;

/// <summary>
/// The first 4096 bytes of a segment file, little-endian; a page of its own, so that no later write can tear it:
/// <code>
///  0  8 bytes "STRWJNL\0"     16  i64 base position          32  u32 CRC-32C of bytes 0-31
///  8  u32 format version      24  i64 created (Unix ms)      36  zeros
/// 12  u32 header bytes, 4096
/// </code>
/// </summary>
internal readonly record struct SegmentHeader(int Version, long Base, long CreatedMs)
{
    public const int Bytes = 4096;
    public const int CurrentVersion = 1;

    private const int CheckedBytes = 32;

    private static ReadOnlySpan<byte> Magic => "STRWJNL\0"u8;

    public void Write(Span<byte> destination)
    {
        destination[..Bytes].Clear();
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Base);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], CreatedMs);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CheckedBytes..], Crc32C.Compute(destination[..CheckedBytes]));
    }

    /// <summary>False when the header is damaged. Any version is read: the layout of these 36 bytes never changes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        header = default;
        if (source.Length < CheckedBytes + sizeof(uint) || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[CheckedBytes..]) != Crc32C.Compute(source[..CheckedBytes]))
        {
            return false;
        }

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]));
        return true;
    }
}
