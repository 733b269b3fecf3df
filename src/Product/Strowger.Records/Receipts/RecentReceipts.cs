using System.Runtime.InteropServices;

namespace Strowger.Records.Receipts;

/// <summary>The entries of the newest file that are in no run yet, by hash.</summary>
internal sealed class RecentReceipts
{
    private const int None = -1;
    private readonly Dictionary<ulong, int> _last = [];
    private readonly List<(ReceiptEntry Entry, int Previous)> _entries = [];

    public int Count => _entries.Count;

    public void Add(in ReceiptEntry entry)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, entry.Hash, out var known);
        _entries.Add((entry, known ? last : None));
        last = _entries.Count - 1;
    }

    /// <summary>Newest first, until there are <paramref name="wanted"/>.</summary>
    public void Find(ulong hash, List<ReceiptEntry> found, int wanted)
    {
        for (var place = _last.GetValueOrDefault(hash, None); place != None && found.Count < wanted; place = _entries[place].Previous)
        {
            found.Add(_entries[place].Entry);
        }
    }

    public ReceiptEntry[] Sorted() => [.. _entries.Select(item => item.Entry).OrderBy(entry => (long)entry.Hash).ThenBy(entry => entry.Job)];

    public void Clear()
    {
        _last.Clear();
        _entries.Clear();
    }
}
