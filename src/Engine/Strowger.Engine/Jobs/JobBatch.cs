using System.Runtime.InteropServices;
using Strowger.Engine.Events;
using Strowger.Engine.Queues;

namespace Strowger.Engine;

/// <summary>Jobs written out ahead of the engine's lock, to be accepted in order and made durable together. Reusable; not thread-safe.</summary>
public sealed class JobBatch
{
    /// <summary>A batch is one chunk of durability: larger input is sent as several.</summary>
    public const int MaxJobs = 10_000;

    private readonly List<Item> _items = [];
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;

    public int Count => _items.Count;

    /// <summary>Octets gathered.</summary>
    public int Length => _length;

    internal ReadOnlySpan<Item> Items => CollectionsMarshal.AsSpan(_items);

    internal Span<byte> BytesOf(in Item item) => _bytes.AsSpan(item.Offset, item.Length);

    public void Add(in NewJob job)
    {
        JobChecks.Throw(job);
        var record = JobChecks.RecordOf(job);
        var size = record.Size;
        if (_length + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + size, _bytes.Length * 2));
        }

        record.Write(_bytes.AsSpan(_length));
        _items.Add(new Item(job.Flow.Target, _length, size));
        _length += size;
    }

    public void Clear()
    {
        _items.Clear();
        _length = 0;
    }

    internal readonly record struct Item(Flow Flow, int Offset, int Length);
}

/// <summary>
/// What became of a batch: results for the jobs from the first up to where the queue was full or the disk was, at which
/// <paramref name="Stopped"/> says why.
/// </summary>
public readonly record struct BatchResult(IReadOnlyList<EnqueueResult> Results, EnqueueStatus Stopped);
