using System.Runtime.InteropServices;

namespace Strowger.Records.Messages;

/// <summary>
/// Collects the changes of some 100 ms and folds those of one message into one row, so that a text accepted and sent within
/// a batch costs one insert. Reused: <see cref="Clear"/> keeps the buffers.
/// </summary>
public sealed class MessageBatch
{
    private readonly Dictionary<long, int> _places = [];
    private readonly List<MessageRow> _rows = [];

    /// <summary>Rows after folding.</summary>
    public int Count => _rows.Count;

    public ReadOnlySpan<MessageRow> Rows => CollectionsMarshal.AsSpan(_rows);

    public void Add(in MessageRow row)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, row.Id, out var known);
        if (known && !row.Created)
        {
            CollectionsMarshal.AsSpan(_rows)[place].Merge(row);
        }
        else
        {
            // A message seen created twice is a replay: both rows go through, in order.
            place = _rows.Count;
            _rows.Add(row);
        }
    }

    public void Clear()
    {
        _places.Clear();
        _rows.Clear();
    }
}
