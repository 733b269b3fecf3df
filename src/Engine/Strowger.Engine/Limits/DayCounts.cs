using System.Buffers.Binary;
using System.Text;

namespace Strowger.Engine.Limits;

/// <summary>What was handed out in one day, against one bucket. Outlives stages and restarts.</summary>
internal sealed class DayCount
{
    public long StartMs;
    public long EndMs;
    public long Used;
}

/// <summary>
/// Counts by day: of a stage's limit, and a key where each has its own. Every change stands in the journal before what it counts is
/// handed over, as the count that is reached then, so the newest record is the truth. Guarded by the engine's lock.
/// </summary>
internal sealed class DayCounts
{
    /// <summary>Counts in one record: some 20 KB.</summary>
    public const int MaxPerRecord = 256;

    private const int FixedBytes = 28;

    private readonly Dictionary<(ushort Stage, string Limit, string Key), DayCount> _counts = [];

    /// <param name="isKept">False: one that is not there is not kept, for a look.</param>
    public DayCount Of(ushort stage, string limit, string key, bool isKept = true)
    {
        if (!_counts.TryGetValue((stage, limit, key), out var count))
        {
            count = new DayCount();
            if (isKept)
            {
                _counts.Add((stage, limit, key), count);
            }
        }

        return count;
    }

    public void Forget(ushort stage, string limit, string key) => _counts.Remove((stage, limit, key));

    /// <summary>Those of days that last, for a checkpoint; the others are forgotten.</summary>
    public List<(ushort Stage, string Limit, string Key)> TakeLive(long nowMs)
    {
        foreach (var (key, count) in _counts)
        {
            if (count.EndMs <= nowMs && count.Used > 0)
            {
                count.Used = 0;
            }
        }

        return [.. _counts.Where(c => c.Value.Used > 0).Select(c => c.Key)];
    }

    /// <summary><code>u16 stage, u8 limit length, u8 key length, i64 day's start, i64 day's end, i64 used, limit, key</code> any number of times.</summary>
    public byte[] ToRecord(ReadOnlySpan<(ushort Stage, string Limit, string Key)> names)
    {
        var bytes = new MemoryStream(names.Length * 64);
        Span<byte> entry = stackalloc byte[FixedBytes + (2 * byte.MaxValue)];
        foreach (var (stage, limit, key) in names)
        {
            var count = Of(stage, limit, key);
            var limitBytes = Encoding.UTF8.GetBytes(limit, entry[FixedBytes..]);
            var keyBytes = Encoding.UTF8.GetBytes(key, entry[(FixedBytes + limitBytes)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, stage);
            entry[2] = (byte)limitBytes;
            entry[3] = (byte)keyBytes;
            BinaryPrimitives.WriteInt64LittleEndian(entry[4..], count.StartMs);
            BinaryPrimitives.WriteInt64LittleEndian(entry[12..], count.EndMs);
            BinaryPrimitives.WriteInt64LittleEndian(entry[20..], count.Used);
            bytes.Write(entry[..(FixedBytes + limitBytes + keyBytes)]);
        }

        return bytes.ToArray();
    }

    /// <summary>Takes a record's counts during replay.</summary>
    public void Replay(ReadOnlySpan<byte> record)
    {
        while (record.Length >= FixedBytes && record.Length >= FixedBytes + record[2] + record[3])
        {
            var names = record[FixedBytes..];
            var count = Of(
                BinaryPrimitives.ReadUInt16LittleEndian(record),
                Encoding.UTF8.GetString(names[..record[2]]),
                Encoding.UTF8.GetString(names.Slice(record[2], record[3])));
            count.StartMs = BinaryPrimitives.ReadInt64LittleEndian(record[4..]);
            count.EndMs = BinaryPrimitives.ReadInt64LittleEndian(record[12..]);
            count.Used = BinaryPrimitives.ReadInt64LittleEndian(record[20..]);
            record = record[(FixedBytes + record[2] + record[3])..];
        }
    }
}
