using System.Buffers.Binary;
using System.Diagnostics;

namespace Strowger.Engine.Journaling;

/// <summary>
/// One record on disk, little-endian, 8-byte aligned (docs/formats/journal.md):
/// <code>
///  0  u16 marker "SJ"      4  u32 payload bytes     16  u32 header check   24  payload
///  2  u8  type             8  i64 time (Unix ms)    20  u32 record check   ..  zeros up to a multiple of 8
///  3  u8  flags, zero
/// </code>
/// Both checks are CRC-32C and end with the record's position, so a record is valid only where it was written. The header check
/// makes the length trustworthy before a byte of the payload is read.
/// </summary>
internal static class RecordFormat
{
    public const int HeaderBytes = 24;
    public const int Alignment = 8;
    public const ushort Marker = 0x4A53;

    /// <summary>Flag of a record whose payload was overwritten in place: what stood there was to be forgotten.</summary>
    public const byte Rewritten = 1;

    /// <summary>What any version of the format may hold in one record, so that a length can be refused without a look at the options.</summary>
    public const int MaxPayloadBytes = 256 * 1024 * 1024;

    private const int CheckedHeaderBytes = 16;

    /// <summary>Header, payload and padding.</summary>
    public static int TotalBytes(int payloadBytes) => (HeaderBytes + payloadBytes + Alignment - 1) & ~(Alignment - 1);

    /// <summary>The checksum state after payload and padding: the long part of the work, done before the position is known.</summary>
    public static uint PayloadState(ReadOnlySpan<byte> payload)
    {
        uint state = Crc32C.Append(Crc32C.Start, payload);
        int padding = TotalBytes(payload.Length) - HeaderBytes - payload.Length;
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0, 0, 0, 0, 0];
        return Crc32C.Append(state, zeros[..padding]);
    }

    /// <summary>Writes the record into <paramref name="destination"/>, which is exactly as long as the record.</summary>
    public static void Write(Span<byte> destination, long position, byte type, ReadOnlySpan<byte> payload, long timeMs, uint payloadState, byte flags = 0)
    {
        Debug.Assert(destination.Length == TotalBytes(payload.Length));
        destination[(HeaderBytes + payload.Length)..].Clear();
        payload.CopyTo(destination[HeaderBytes..]);
        ulong first = Marker | ((ulong)type << 16) | ((ulong)flags << 24) | ((ulong)(uint)payload.Length << 32);
        BinaryPrimitives.WriteUInt64LittleEndian(destination, first);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], timeMs);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], Check(Crc32C.Start, first, (ulong)timeMs, position));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], Check(payloadState, first, (ulong)timeMs, position));
    }

    /// <summary>Checks the header at <paramref name="position"/>; <paramref name="total"/> is then the whole record's length.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, long position, out int total)
    {
        total = 0;
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Marker)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (length > MaxPayloadBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) != HeaderState(Crc32C.Start, bytes, position))
        {
            return false;
        }

        total = TotalBytes((int)length);
        return true;
    }

    /// <summary>Checks a whole record whose header was found good.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, long position)
    {
        uint state = Crc32C.Append(Crc32C.Start, record[HeaderBytes..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(record[20..]) == HeaderState(state, record, position);
    }

    public static RecordView View(ReadOnlySpan<byte> record, long position)
    {
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        long timeMs = BinaryPrimitives.ReadInt64LittleEndian(record[8..]);
        return new RecordView(position, position + record.Length, record[2], timeMs, record.Slice(HeaderBytes, length));
    }

    /// <summary>The bytes of the whole records at the start of <paramref name="records"/> (our own, trusted) that fit in <paramref name="room"/>.</summary>
    public static int WholeRecords(ReadOnlySpan<byte> records, long room)
    {
        int fit = 0;
        while (fit < records.Length)
        {
            int total = TotalBytes((int)BinaryPrimitives.ReadUInt32LittleEndian(records[(fit + 4)..]));
            if (fit + total > room)
            {
                break;
            }

            fit += total;
        }

        return fit;
    }

    private static uint HeaderState(uint state, ReadOnlySpan<byte> header, long position)
    {
        ReadOnlySpan<byte> part = header[..CheckedHeaderBytes];
        return Check(state, BinaryPrimitives.ReadUInt64LittleEndian(part), BinaryPrimitives.ReadUInt64LittleEndian(part[8..]), position);
    }

    private static uint Check(uint state, ulong first, ulong second, long position) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Append(state, first), second), (ulong)position));
}
