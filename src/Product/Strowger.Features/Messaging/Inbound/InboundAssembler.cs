using System.Text;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// Joins the parts of concatenated texts (3GPP 23.040, 9.2.3.24.1): same channel, sender, recipient, reference and number of
/// parts, within ten minutes. Decides by the events' own times, so that reading them again gives the same. One thread at a time.
/// </summary>
internal sealed class InboundAssembler
{
    private static readonly long _joinMs = (long)InboundLimits.JoinTime.TotalMilliseconds;

    private readonly Dictionary<Key, Assembly> _open = [];

    /// <summary>By first part; those closed meanwhile are passed over.</summary>
    private readonly Queue<Assembly> _order = new();
    private int _parts;
    private long _chars;

    /// <summary>Where reading has to begin again to see all parts that wait; <see cref="long.MaxValue"/> when none does.</summary>
    public long OldestRecord
    {
        get
        {
            DropClosed();
            return _order.TryPeek(out var oldest) ? oldest.Record : long.MaxValue;
        }
    }

    public void Clear()
    {
        _open.Clear();
        _order.Clear();
        (_parts, _chars) = (0, 0);
    }

    /// <summary>Takes a text; what can be told of now is added to <paramref name="finished"/>.</summary>
    /// <returns>False when it is a part that was there already: the carrier delivered it twice.</returns>
    public bool Add(InboundItem item, List<InboundItem> finished)
    {
        if (!item.IsPart)
        {
            finished.Add(item);
            return true;
        }

        var key = new Key(item.Text.Channel, item.Text.From, item.Text.To, item.Text.Reference, item.Text.Parts);
        if (_open.TryGetValue(key, out var assembly))
        {
            if (assembly.Find(item.Text.Part) is { } same && same.Text == item.Text)
            {
                return false;
            }

            if (assembly.Has(item.Text.Part) || item.TimeMs - assembly.FirstMs > _joinMs)
            {
                // The reference is in use for another text.
                Close(assembly, finished);
                assembly = null;
            }
        }

        if (assembly is null)
        {
            assembly = new Assembly(key, item);
            _open[key] = assembly;
            _order.Enqueue(assembly);
        }

        assembly.Add(item);
        _parts++;
        _chars += Chars(item);
        if (assembly.IsComplete)
        {
            Complete(assembly, finished);
        }

        while ((_parts > InboundLimits.MaxOpenParts || _chars > InboundLimits.MaxOpenChars) && TryOldest(out var oldest))
        {
            Close(oldest, finished);
        }

        return true;
    }

    /// <summary>Gives up texts whose parts have not all come in time: their parts stand alone.</summary>
    public void Expire(long nowMs, List<InboundItem> finished)
    {
        while (TryOldest(out var oldest) && nowMs - oldest.FirstMs > _joinMs)
        {
            Close(oldest, finished);
        }
    }

    private void Complete(Assembly assembly, List<InboundItem> finished)
    {
        if (assembly.Join() is { } whole)
        {
            Forget(assembly);
            finished.Add(whole);
        }
        else
        {
            Close(assembly, finished);
        }
    }

    private void Close(Assembly assembly, List<InboundItem> finished)
    {
        Forget(assembly);
        finished.AddRange(assembly.Parts);
    }

    private void Forget(Assembly assembly)
    {
        _open.Remove(assembly.Key);
        assembly.IsClosed = true;
        foreach (var part in assembly.Parts)
        {
            _parts--;
            _chars -= Chars(part);
        }
    }

    private bool TryOldest(out Assembly oldest)
    {
        DropClosed();
        return _order.TryPeek(out oldest!);
    }

    private void DropClosed()
    {
        while (_order.TryPeek(out var oldest) && oldest.IsClosed)
        {
            _order.Dequeue();
        }
    }

    private static int Chars(InboundItem item) => (item.Text.Text ?? item.Text.DataHex ?? "").Length;

    private readonly record struct Key(string Channel, string From, string To, int Reference, int Parts);

    private sealed class Assembly(Key key, InboundItem first)
    {
        private readonly SortedDictionary<int, InboundItem> _parts = [];
        private InboundItem? _last;

        public Key Key => key;

        public long FirstMs => first.TimeMs;

        public long Record => first.Record;

        public bool IsClosed { get; set; }

        public bool IsComplete => _parts.Count == key.Parts;

        public IEnumerable<InboundItem> Parts => _parts.Values;

        public bool Has(int part) => _parts.ContainsKey(part);

        public InboundItem? Find(int part) => _parts.GetValueOrDefault(part);

        public void Add(InboundItem item)
        {
            _parts.Add(item.Text.Part, item);
            _last = item;
        }

        /// <summary>The whole; null when its parts are of different kinds and do not join.</summary>
        public InboundItem? Join()
        {
            var isText = first.Text.Text is not null;
            if (_parts.Values.Any(part => part.Text.Text is not null != isText))
            {
                return null;
            }

            var joined = new StringBuilder();
            foreach (var part in _parts.Values)
            {
                joined.Append(isText ? part.Text.Text : part.Text.DataHex);
            }

            var content = joined.ToString();
            return _last! with
            {
                Text = _last!.Text with { Text = isText ? content : null, DataHex = isText ? null : content, Part = 0, Tlvs = _parts.Values.Select(part => part.Text.Tlvs).FirstOrDefault(tlvs => tlvs is not null) },
                JoinedFrom = [.. _parts.Values.Select(part => part.Position)],
            };
        }
    }
}
