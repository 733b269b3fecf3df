using System.Runtime.InteropServices;

namespace Strowger.Engine;

/// <summary>A feature's facts to append together: each about a job or about none. Reusable; not thread-safe.</summary>
public sealed class EventBatch
{
    private readonly List<Item> _items = [];
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public int Count => _items.Count;

    internal ReadOnlySpan<Item> Items => CollectionsMarshal.AsSpan(_items);

    /// <param name="job">Default when it is about no job.</param>
    /// <param name="code">The feature's number for this kind of fact, 0 or above.</param>
    /// <param name="data">At most <see cref="EngineLimits.MaxEntryDataBytes"/> octets.</param>
    public void Add(JobId job, int code, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, EngineLimits.MaxEntryDataBytes);
        if (_length + data.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + data.Length, _bytes.Length * 2));
        }

        data.CopyTo(_bytes.AsSpan(_length));
        _items.Add(new Item(job, code, _length, data.Length));
        _length += data.Length;
    }

    public void Clear()
    {
        _items.Clear();
        _length = 0;
    }

    internal ReadOnlySpan<byte> DataOf(in Item item) => _bytes.AsSpan(item.Offset, item.Length);

    internal readonly record struct Item(JobId Job, int Code, int Offset, int Length);
}
