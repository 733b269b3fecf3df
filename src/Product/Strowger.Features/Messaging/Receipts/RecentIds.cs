namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// The carrier's ids of the last parts handed over, in two generations of bounded size: when the younger is full the older is
/// dropped, for by then the index on disk has it. Grows with what is sent. Thread-safe.
/// </summary>
internal sealed class RecentIds
{
    /// <summary>Entries a generation: at 5,000 a second 50 s to 100 s, far longer than the index on disk lags. Both together are 25 MB at most.</summary>
    public const int Capacity = 1 << 18;

    private const int FirstSlots = 1 << 10;

    /// <summary>Places looked at for one id. A carrier that gives the same id again and again must not make a look-up long: the disk has the rest.</summary>
    private const int MaxSteps = 64;

    private readonly Lock _gate = new();
    private Generation _young = new();
    private Generation _old = new();

    /// <summary>Places held in memory, 24 octets each.</summary>
    public int Slots
    {
        get
        {
            lock (_gate)
            {
                return _young.Slots + _old.Slots;
            }
        }
    }

    public void Add(ulong key, long job, ulong destination)
    {
        lock (_gate)
        {
            if (_young.Count == Capacity)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
            }

            _young.Add(new Entry(key, job, destination));
        }
    }

    /// <summary>A carrier that gives an id twice is told apart by the number.</summary>
    public bool TryFind(ulong key, in ReceiptNumbers numbers, out long job)
    {
        lock (_gate)
        {
            return _young.TryFind(key, numbers, out job) || _old.TryFind(key, numbers, out job);
        }
    }

    private readonly record struct Entry(ulong Key, long Job, ulong Destination);

    private sealed class Generation
    {
        private Entry[] _entries = new Entry[FirstSlots];

        public int Count { get; private set; }

        public int Slots => _entries.Length;

        public void Clear()
        {
            Array.Clear(_entries);
            Count = 0;
        }

        public void Add(in Entry entry)
        {
            if (Count * 2 >= _entries.Length)
            {
                Grow();
            }

            Put(entry);
            Count++;
        }

        /// <summary>The newest one that fits.</summary>
        public bool TryFind(ulong key, in ReceiptNumbers numbers, out long job)
        {
            job = 0;
            var at = Start(key);
            for (var step = 0; step < MaxSteps && _entries[at].Job != 0; step++)
            {
                ref readonly var entry = ref _entries[at];
                if (entry.Key == key && entry.Job > job && numbers.Fit(entry.Destination))
                {
                    job = entry.Job;
                }

                at = (at + 1) & (_entries.Length - 1);
            }

            return job != 0;
        }

        private void Put(in Entry entry)
        {
            var first = Start(entry.Key);
            var at = first;
            for (var step = 0; _entries[at].Job != 0; step++)
            {
                if (step == MaxSteps - 1)
                {
                    // Whoever was there is found on disk.
                    at = first;
                    break;
                }

                at = (at + 1) & (_entries.Length - 1);
            }

            _entries[at] = entry;
        }

        private void Grow()
        {
            var before = _entries;
            _entries = new Entry[before.Length * 2];
            foreach (ref readonly var entry in before.AsSpan())
            {
                if (entry.Job != 0)
                {
                    Put(entry);
                }
            }
        }

        /// <summary>The upper bits: the lower ones of a hash times an odd number are no better mixed than before.</summary>
        private int Start(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 40) & (_entries.Length - 1);
    }
}
