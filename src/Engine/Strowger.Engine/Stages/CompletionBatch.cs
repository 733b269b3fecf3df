using System.Runtime.InteropServices;

namespace Strowger.Engine;

/// <summary>Outcomes to record together. Reusable; not thread-safe.</summary>
public sealed class CompletionBatch
{
    private readonly List<Item> _items = [];
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public int Count => _items.Count;

    internal ReadOnlySpan<Item> Items => CollectionsMarshal.AsSpan(_items);

    /// <param name="data">The feature's own, kept in the job's history: at most <see cref="EngineLimits.MaxEntryDataBytes"/> octets.</param>
    public void Add(JobId id, int token, in Outcome outcome, ReadOnlySpan<byte> data = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, EngineLimits.MaxEntryDataBytes);
        if (_length + data.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + data.Length, _bytes.Length * 2));
        }

        data.CopyTo(_bytes.AsSpan(_length));
        _items.Add(new Item(id, token, outcome, _length, data.Length));
        _length += data.Length;
    }

    public void Clear()
    {
        _items.Clear();
        _length = 0;
    }

    internal ReadOnlySpan<byte> DataOf(in Item item) => _bytes.AsSpan(item.Offset, item.Length);

    internal readonly record struct Item(JobId Id, int Token, Outcome Outcome, int Offset, int Length);
}
