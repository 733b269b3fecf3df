using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>A receipt that waits for its part.</summary>
internal sealed record ParkedReceipt(ReceiptState State, byte[] Id, byte[] Error, ReceiptNumbers Numbers)
{
    /// <summary>The carrier's own TLVs, as on the wire.</summary>
    public byte[] Tlvs { get; init; } = [];
}

/// <summary>Receipts that came before the answers to their parts, by the forms of their ids, for a minute. Thread-safe.</summary>
internal sealed class ParkedReceipts(TimeProvider time)
{
    /// <summary>How long an early receipt waits for the answer it overtook.</summary>
    public static readonly TimeSpan ParkTime = TimeSpan.FromSeconds(60);

    /// <summary>A carrier that invents ids must not fill the memory; more are recorded and forgotten.</summary>
    public const int MaxParked = 100_000;

    private readonly long _parkTicks = (long)(ParkTime.TotalSeconds * time.TimestampFrequency);
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<Place>> _byKey = [];

    /// <summary>Oldest first.</summary>
    private readonly LinkedList<Place> _order = new();
    private volatile int _count;
    private long _unmatched;

    public int Count => _count;

    /// <summary>Receipts for which no part was found in their time.</summary>
    public long Unmatched => Interlocked.Read(ref _unmatched);

    /// <param name="receipt">Any number of them may have the same id.</param>
    /// <param name="keys">Of the forms of its id, each once.</param>
    /// <returns>For <see cref="TryTake(ParkedReceipt)"/>; false when there are too many.</returns>
    public bool Add(ParkedReceipt receipt, ReadOnlySpan<ulong> keys)
    {
        lock (_gate)
        {
            Expire();
            if (_order.Count >= MaxParked)
            {
                Interlocked.Increment(ref _unmatched);
                return false;
            }

            var place = new Place(receipt, keys.ToArray(), time.GetTimestamp() + _parkTicks);
            _order.AddLast(place.Node);
            foreach (var key in keys)
            {
                if (!_byKey.TryGetValue(key, out var same))
                {
                    _byKey.Add(key, same = []);
                }

                same.Add(place);
            }

            _count = _order.Count;
            return true;
        }
    }

    /// <summary>Takes those for a part, in the order in which they came.</summary>
    public IReadOnlyList<ParkedReceipt> Take(ulong key, ulong number)
    {
        if (_count == 0)
        {
            return [];
        }

        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var same))
            {
                return [];
            }

            var found = same.FindAll(place => place.Receipt.Numbers.Fit(number));
            found.ForEach(Remove);
            return [.. found.Select(place => place.Receipt)];
        }
    }

    /// <summary>All of them with the times at which they came (timestamps), oldest first.</summary>
    public IReadOnlyList<(ParkedReceipt Receipt, long CameAt)> List()
    {
        lock (_gate)
        {
            return [.. _order.Select(place => (place.Receipt, place.Until - _parkTicks))];
        }
    }

    /// <summary>Takes this one back; false when someone else has it.</summary>
    public bool TryTake(ParkedReceipt receipt)
    {
        lock (_gate)
        {
            for (var node = _order.Last; node is not null; node = node.Previous)
            {
                if (ReferenceEquals(node.Value.Receipt, receipt))
                {
                    Remove(node.Value);
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Gives up those whose time is over. To be called now and then.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            while (_order.First is { Value: var oldest } && oldest.Until < time.GetTimestamp())
            {
                Remove(oldest);
                Interlocked.Increment(ref _unmatched);
            }
        }
    }

    private void Remove(Place place)
    {
        _order.Remove(place.Node);
        _count = _order.Count;
        foreach (var key in place.Keys)
        {
            if (_byKey.TryGetValue(key, out var same) && same.Remove(place) && same.Count == 0)
            {
                _byKey.Remove(key);
            }
        }
    }

    private sealed class Place
    {
        public Place(ParkedReceipt receipt, ulong[] keys, long until)
        {
            (Receipt, Keys, Until) = (receipt, keys, until);
            Node = new LinkedListNode<Place>(this);
        }

        public ParkedReceipt Receipt { get; }

        public ulong[] Keys { get; }

        public long Until { get; }

        public LinkedListNode<Place> Node { get; }
    }
}
