using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Strowger.Engine.Jobs;

namespace Strowger.Engine.Events;

/// <summary>
/// Payload of an enqueue record:
/// <code>
/// 0  u8 lane   1 u8 parts   2 u16 cost   4 i32 flow
/// 8  i64 id of the first part
/// 16 i64 due, unix ms (0 none)
/// 24 u32 expires, unix s (0 none)   28 u16 headers length   30 u8 flags (1 = unique key)   31 u8 attempts at most (0 = by the stage)
/// 32 [u128 unique key, u64 unique content]   headers   body (to the end)
/// </code>
/// Little-endian.
/// </summary>
internal readonly ref struct EnqueueRecord
{
    public const int FixedBytes = 32;
    public const int UniqueBytes = 24;
    private const byte HasUnique = 1;

    public byte Lane { get; init; }
    public byte Parts { get; init; }
    public ushort Cost { get; init; }
    public int Flow { get; init; }
    public long FirstId { get; init; }
    public long DueMs { get; init; }
    public uint ExpiresAt { get; init; }
    public UInt128 UniqueKey { get; init; }
    public ulong UniqueContent { get; init; }
    public byte MaxAttempts { get; init; }
    public ReadOnlySpan<byte> Headers { get; init; }
    public ReadOnlySpan<byte> Body { get; init; }

    public int Size => FixedBytes + (UniqueKey == default ? 0 : UniqueBytes) + Headers.Length + Body.Length;

    public void Write(Span<byte> to)
    {
        to[0] = Lane;
        to[1] = Parts;
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], Cost);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Flow);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], FirstId);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], DueMs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[24..], ExpiresAt);
        BinaryPrimitives.WriteUInt16LittleEndian(to[28..], (ushort)Headers.Length);
        var unique = UniqueKey != default;
        to[30] = unique ? HasUnique : (byte)0;
        to[31] = MaxAttempts;
        to = to[FixedBytes..];
        if (unique)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(to, UniqueKey);
            BinaryPrimitives.WriteUInt64LittleEndian(to[16..], UniqueContent);
            to = to[UniqueBytes..];
        }

        Headers.CopyTo(to);
        Body.CopyTo(to[Headers.Length..]);
    }

    /// <summary>Fills in what is known only under the engine's lock.</summary>
    public static void Stamp(Span<byte> record, int flow, long firstId)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], flow);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], firstId);
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out EnqueueRecord record)
    {
        record = default;
        if (from.Length < FixedBytes || from[1] == 0)
        {
            return false;
        }

        int headers = BinaryPrimitives.ReadUInt16LittleEndian(from[28..]);
        var unique = (from[30] & HasUnique) != 0;
        var at = FixedBytes + (unique ? UniqueBytes : 0);
        if (from.Length < at + headers)
        {
            return false;
        }

        record = new EnqueueRecord
        {
            Lane = from[0],
            Parts = from[1],
            Cost = BinaryPrimitives.ReadUInt16LittleEndian(from[2..]),
            Flow = BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            FirstId = BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            DueMs = BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            ExpiresAt = BinaryPrimitives.ReadUInt32LittleEndian(from[24..]),
            UniqueKey = unique ? BinaryPrimitives.ReadUInt128LittleEndian(from[FixedBytes..]) : default,
            UniqueContent = unique ? BinaryPrimitives.ReadUInt64LittleEndian(from[(FixedBytes + 16)..]) : 0,
            MaxAttempts = from[31],
            Headers = from.Slice(at, headers),
            Body = from[(at + headers)..],
        };
        return true;
    }
}
