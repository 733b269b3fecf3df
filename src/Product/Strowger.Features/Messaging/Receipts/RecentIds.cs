namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// The carrier's ids of the last parts handed over, in two generations of fixed size: when the younger is full the older is
/// dropped, for by then the index on disk has it. Thread-safe.
/// </summary>
internal sealed class RecentIds
{
    /// <summary>Entries a generation: at 5,000 a second 50 s to 100 s, far longer than the index on disk lags.</summary>
    private const int Capacity = 1 << 18;
    private const int Slots = Capacity * 2;

    private readonly Lock _gate = new();
    private Generation _young = new();
    private Generation _old = new();

    public void Add(ulong key, long job, ulong destination)
    {
        lock (_gate)
        {
            if (_young.Count == Capacity)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
            }

            _young.Add(key, job, destination);
        }
    }

    public bool TryFind(ulong key, ulong destination, out long job)
    {
        lock (_gate)
        {
            return _young.TryFind(key, destination, out job) || _old.TryFind(key, destination, out job);
        }
    }

    private sealed class Generation
    {
        private readonly ulong[] _keys = new ulong[Slots];
        private readonly long[] _jobs = new long[Slots];
        private readonly ulong[] _destinations = new ulong[Slots];

        public int Count { get; private set; }

        public void Clear()
        {
            Array.Clear(_jobs);
            Count = 0;
        }

        public void Add(ulong key, long job, ulong destination)
        {
            var at = Start(key);
            while (_jobs[at] != 0)
            {
                at = (at + 1) & (Slots - 1);
            }

            _keys[at] = key;
            _jobs[at] = job;
            _destinations[at] = destination;
            Count++;
        }

        /// <summary>A carrier that gives an id twice is told apart by the number; 0 = not known, any will do.</summary>
        public bool TryFind(ulong key, ulong destination, out long job)
        {
            for (var at = Start(key); _jobs[at] != 0; at = (at + 1) & (Slots - 1))
            {
                if (_keys[at] == key && (destination == 0 || _destinations[at] == destination))
                {
                    job = _jobs[at];
                    return true;
                }
            }

            job = 0;
            return false;
        }

        private static int Start(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 45) & (Slots - 1);
    }
}
