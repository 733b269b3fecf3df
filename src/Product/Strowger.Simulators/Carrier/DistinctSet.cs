namespace Strowger.Simulators;

/// <summary>
/// Counts distinct 128-bit keys exactly, up to a bound, then stops and says so. Open-addressed, 16 shards that grow by doubling:
/// 16 octets a slot, at most two thirds full, so 20 million keys take 512 MB.
/// </summary>
internal sealed class DistinctSet
{
    internal const int DefaultLimit = 20_000_000;
    private const int Shards = 16;

    private readonly Shard[] _shards = new Shard[Shards];

    public DistinctSet(int limit = DefaultLimit)
    {
        for (int i = 0; i < Shards; i++)
        {
            _shards[i] = new Shard(Math.Max(1, limit / Shards));
        }
    }

    public long Distinct => _shards.Sum(s => (long)s.Count);

    public long Duplicates => _shards.Sum(s => s.Duplicates);

    /// <summary>False once the bound was reached anywhere: the counts are then lower bounds.</summary>
    public bool IsComplete => _shards.All(s => !s.IsFull);

    public void Add(UInt128 key) => _shards[(int)(Mix(key) >> 60)].Add(key);

    /// <summary>The shard is in the top four bits, the slot in the 28 bits from 32 on.</summary>
    private static ulong Mix(UInt128 key) => ((ulong)key ^ (ulong)(key >> 64)) * 0x9E3779B97F4A7C15;

    private sealed class Shard(int limit)
    {
        private readonly Lock _lock = new();
        private UInt128[] _slots = new UInt128[1024];

        public int Count { get; private set; }

        public long Duplicates { get; private set; }

        public bool IsFull { get; private set; }

        public void Add(UInt128 key)
        {
            // Zero marks an empty slot.
            key = key == 0 ? 1 : key;
            lock (_lock)
            {
                int at = Find(_slots, key);
                if (_slots[at] == key)
                {
                    Duplicates++;
                    return;
                }

                if (Count >= limit)
                {
                    IsFull = true;
                    return;
                }

                _slots[at] = key;
                Count++;
                if (Count * 3L > _slots.Length * 2L)
                {
                    Grow();
                }
            }
        }

        private static int Find(UInt128[] slots, UInt128 key)
        {
            int mask = slots.Length - 1;
            int at = (int)(Mix(key) >> 32) & mask;
            while (slots[at] != 0 && slots[at] != key)
            {
                at = (at + 1) & mask;
            }

            return at;
        }

        private void Grow()
        {
            var larger = new UInt128[_slots.Length * 2];
            foreach (var key in _slots)
            {
                if (key != 0)
                {
                    larger[Find(larger, key)] = key;
                }
            }

            _slots = larger;
        }
    }
}
