using System.Runtime.InteropServices;
using Strowger.Engine.Events;
using Strowger.Engine.Journaling;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Limits;

/// <summary>
/// A stage's limits by key: which buckets a job counts against, all of them or none. The buckets of at most
/// <see cref="EngineLimits.MaxLimitKeys"/> keys are kept, those that nobody used for longest given up first; more keys that are all in
/// use share one. Guarded by the engine's lock.
/// </summary>
internal sealed class StageLimits(EngineCore core, ushort stage)
{
    /// <summary>Of the longest unused, so many are looked at for one that may go.</summary>
    private const int LookedAt = 64;

    /// <summary>What waits for a bucket of many keys is added up this often at most.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(100);

    private readonly long _started = core.Time.GetTimestamp();
    private readonly Dictionary<string, LinkedListNode<KeyBuckets>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<KeyBuckets> _recent = [];
    private readonly Dictionary<string, LimitBucket> _shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LimitBucket>> _sharedOf = new(StringComparer.Ordinal);
    private readonly Dictionary<LimitBucket, (long Stamp, long[] Waiting)> _sums = [];
    private readonly List<LimitBucket> _touched = [];
    private LimitOptions[] _own = [];
    private TimeSpan _bucket;
    private KeyBuckets? _others;

    public IReadOnlyList<LimitOptions> Options { get; private set; } = [];

    /// <summary>Whether jobs have to be told apart by key.</summary>
    public bool IsActive => Options.Count > 0;

    /// <param name="limits">All of them.</param>
    /// <param name="bucket">Over which whoever is behind the stage counts a rate: our own burst is at most half of it.</param>
    public void Change(IReadOnlyList<LimitOptions> limits, TimeSpan bucket)
    {
        WakeAll();
        var kept = _shared.Values.Concat(_recent.SelectMany(k => k.Own)).Concat(_others?.Own ?? []).ToDictionary(b => (b.Options.Name, b.Key));
        var keys = _recent.Select(k => k.Key).ToArray();
        (Options, _bucket) = (limits, bucket);
        _own = [.. limits.Where(l => l.Keys is null)];
        _byKey.Clear();
        _recent.Clear();
        _shared.Clear();
        _sharedOf.Clear();
        _sums.Clear();
        _others = null;
        foreach (var limit in limits.Where(l => l.Keys is not null))
        {
            var shared = Make(limit, string.Empty, kept);
            _shared.Add(limit.Name, shared);
            foreach (var key in limit.Keys!.Distinct(StringComparer.Ordinal))
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(_sharedOf, key, out _) ??= []).Add(shared);
            }
        }

        // The one used last stays so.
        foreach (var key in keys.Reverse())
        {
            Add(new KeyBuckets(key, [.. _own.Select(l => Make(l, key, kept))], _sharedOf.GetValueOrDefault(key)));
        }
    }

    /// <summary>The bucket that a flow's next job has to wait for longest; null = it may go.</summary>
    public LimitBucket? Lacking(Flow flow, int cost, bool mayQueue, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        LimitBucket? by = null;
        var now = core.NowMs;
        foreach (var bucket in BucketsOf(flow.Key!))
        {
            var until = bucket.Until(cost, now);
            if (until == TimeSpan.Zero && mayQueue && !flow.HasWaited && bucket.HasSleepersUpTo(flow.Lane))
            {
                until = TimeSpan.FromMilliseconds(1);
            }

            if (until > wait)
            {
                (wait, by) = (until, bucket);
            }
        }

        return by;
    }

    /// <summary>The limit by day that grants jobs of this key least; null when none counts them by day.</summary>
    public LimitOptions? DayLimitOf(string key)
    {
        LimitOptions? least = null;
        foreach (var limit in _own)
        {
            least = LesserDay(least, limit);
        }

        if (_sharedOf.TryGetValue(key, out var shared))
        {
            foreach (var bucket in shared)
            {
                least = LesserDay(least, bucket.Options);
            }
        }

        return least;
    }

    public void Take(string key, int cost)
    {
        var now = core.NowMs;
        foreach (var bucket in BucketsOf(key))
        {
            bucket.Take(cost, now);
            Touch(bucket);
        }
    }

    public void Complete(string key, int cost, OutcomeKind kind)
    {
        var now = core.NowMs;
        foreach (var bucket in BucketsOf(key))
        {
            if (bucket.Complete(cost, kind, now))
            {
                Touch(bucket);
                if (bucket.HasSleepers)
                {
                    core.Clockwork.Time(bucket, TimeSpan.Zero);
                }
            }
        }
    }

    /// <summary>Appends the counts that have changed; false when the journal takes nothing: then they are tried again.</summary>
    public bool TryWriteCounts()
    {
        try
        {
            while (_touched.Count > 0)
            {
                var some = _touched.Take(DayCounts.MaxPerRecord).ToArray();
                core.Journal.Append(RecordTypes.DayCounts, core.State.DayCounts.ToRecord([.. some.Select(b => (stage, b.Options.Name, b.Key))]), core.NowMs);
                Array.ForEach(some, b => b.IsTouched = false);
                _touched.RemoveRange(0, some.Length);
            }

            return true;
        }
        catch (JournalFullException)
        {
            return false;
        }
    }

    /// <summary>All that sleep look again: what they wait for may be gone.</summary>
    public void WakeAll()
    {
        foreach (var bucket in All())
        {
            bucket.TimedAt = 0;
            while (bucket.TakeSleeper() is { } flow)
            {
                Clockwork.Wake(flow);
            }
        }
    }

    /// <summary>How long a job that joins this lane now would wait for its limits alone.</summary>
    public TimeSpan Estimate(string key, Lane lane, long cost, IEnumerable<JobQueue> queues)
    {
        var wait = TimeSpan.Zero;
        var now = core.NowMs;
        var buckets = _byKey.TryGetValue(key, out var known) ? known.Value.All : Unused(key);
        foreach (var bucket in buckets)
        {
            var waiting = WaitingOf(bucket, key, queues);
            var ahead = (double)cost;
            for (var i = 0; i <= (int)lane; i++)
            {
                ahead += waiting[i];
            }

            var until = LimitEstimate.Of(bucket, ahead, now);
            wait = until > wait ? until : wait;
        }

        return wait;
    }

    /// <param name="queues">Those the stage serves.</param>
    /// <param name="most">Buckets of each limit.</param>
    public IReadOnlyList<LimitInfo> Report(IEnumerable<JobQueue> queues, int most)
    {
        var now = core.NowMs;
        var found = new List<LimitInfo>();
        foreach (var limit in Options)
        {
            var buckets = (limit.Keys is not null ? [_shared[limit.Name]] : _recent.SelectMany(k => k.Own).Concat(_others?.Own ?? []).Where(b => b.Options.Name == limit.Name))
                .Select(b => InfoOf(b, queues, now)).OrderByDescending(b => b.Used).ThenByDescending(b => b.Waiting).ToArray();
            found.Add(new LimitInfo(limit, [.. buckets.Take(most)], buckets.Length));
        }

        return found;
    }

    private static LimitOptions? LesserDay(LimitOptions? a, LimitOptions b) => b.PerDay is null || a?.PerDay <= b.PerDay ? a : b;

    private static LimitBucketInfo InfoOf(LimitBucket bucket, IEnumerable<JobQueue> queues, long now)
    {
        var hasDay = bucket.Options.PerDay is not null;
        _ = bucket.Room(now);
        var ends = now < bucket.Day.EndMs ? bucket.Day.EndMs : bucket.Options.DayOf(now).EndMs;
        return new LimitBucketInfo(bucket.Key, hasDay ? bucket.Day.Used : 0, hasDay ? ends : 0, Sum(bucket, bucket.Key, queues).Sum());
    }

    private IEnumerable<LimitBucket> All() => _shared.Values.Concat(_recent.SelectMany(k => k.Own)).Concat(_others?.Own ?? []);

    private LimitBucket[] BucketsOf(string key)
    {
        if (_byKey.TryGetValue(key, out var node))
        {
            if (!ReferenceEquals(_recent.First, node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
            }

            return node.Value.All;
        }

        if (_own.Length == 0 && !_sharedOf.ContainsKey(key))
        {
            return [];
        }

        if (_byKey.Count >= EngineLimits.MaxLimitKeys && !TryGiveUpOne())
        {
            // Never over: whoever finds no room counts against one bucket with all others of that kind, and against what names it.
            _others ??= new KeyBuckets(EngineLimits.OtherKeys, [.. _own.Select(l => Make(l, EngineLimits.OtherKeys, []))], null);
            return _sharedOf.TryGetValue(key, out var shared) ? [.. _others.Own, .. shared] : _others.All;
        }

        return Add(new KeyBuckets(key, [.. _own.Select(l => Make(l, key, []))], _sharedOf.GetValueOrDefault(key))).All;
    }

    private KeyBuckets Add(KeyBuckets key)
    {
        _byKey.Add(key.Key, _recent.AddFirst(key));
        return key;
    }

    private bool TryGiveUpOne()
    {
        var now = core.NowMs;
        var node = _recent.Last;
        for (var i = 0; i < LookedAt && node is not null; i++, node = node.Previous)
        {
            if (Array.TrueForAll(node.Value.Own, b => !b.IsTouched && b.IsIdle(now)))
            {
                Array.ForEach(node.Value.Own, b => core.State.DayCounts.Forget(stage, b.Options.Name, b.Key));
                _byKey.Remove(node.Value.Key);
                _recent.Remove(node);
                return true;
            }
        }

        return false;
    }

    /// <summary>The buckets of a key that nobody has used in this run, as they would begin; its count of the day may be of the run before.</summary>
    private LimitBucket[] Unused(string key) => [.. _own.Select(l => Make(l, key, [], isKept: false)), .. _sharedOf.GetValueOrDefault(key) ?? []];

    private LimitBucket Make(LimitOptions limit, string key, Dictionary<(string, string), LimitBucket> kept, bool isKept = true)
    {
        var before = kept.GetValueOrDefault((limit.Name, key));
        if (before is null || before.Options.PerDay is null != limit.PerDay is null)
        {
            before = new LimitBucket(limit, key, limit.PerDay is null ? new DayCount() : core.State.DayCounts.Of(stage, limit.Name, key, isKept));
        }

        var tokens = before.Rate;
        if (limit.Rate is { } rate)
        {
            // A little over one: what a late timer cost is made good as far as the margin reaches, and no further.
            var capacity = Math.Max(1 / Pacer.Margin, rate * _bucket.TotalSeconds / 2);
            if (tokens is null)
            {
                // Nobody knows what went out before this stage began: as if the bucket had been empty then.
                tokens = new TokenBucket(limit.Name, rate * Pacer.Margin, capacity, core.Time);
                tokens.Drain(core.Time.GetElapsedTime(_started).TotalSeconds * rate * Pacer.Margin);
            }
            else
            {
                tokens.Change(rate * Pacer.Margin, capacity);
            }
        }

        before.Set(limit, limit.Rate is null ? null : tokens, core.NowMs);
        return before;
    }

    private void Touch(LimitBucket bucket)
    {
        if (bucket.Options.PerDay is not null && !bucket.IsTouched)
        {
            bucket.IsTouched = true;
            _touched.Add(bucket);
        }
    }

    private long[] WaitingOf(LimitBucket bucket, string key, IEnumerable<JobQueue> queues)
    {
        if (bucket.Options.Keys is null)
        {
            return Sum(bucket, key, queues);
        }

        if (!_sums.TryGetValue(bucket, out var sum) || core.Time.GetElapsedTime(sum.Stamp) > _fresh)
        {
            _sums[bucket] = sum = (core.Time.GetTimestamp(), Sum(bucket, key, queues));
        }

        return sum.Waiting;
    }

    private static long[] Sum(LimitBucket bucket, string key, IEnumerable<JobQueue> queues)
    {
        var waiting = new long[JobQueue.LaneCount];
        foreach (var queue in queues)
        {
            foreach (var one in bucket.Options.Keys ?? [key])
            {
                if (queue.Tallies.TryGetValue(one, out var tally))
                {
                    for (var lane = 0; lane < waiting.Length; lane++)
                    {
                        waiting[lane] += tally.Ready[lane];
                    }
                }
            }
        }

        return waiting;
    }

    /// <summary>What jobs of one key count against: its own buckets and those it shares.</summary>
    private sealed class KeyBuckets(string key, LimitBucket[] own, List<LimitBucket>? shared)
    {
        public readonly string Key = key;
        public readonly LimitBucket[] Own = own;
        public readonly LimitBucket[] All = [.. own, .. shared ?? []];
    }
}
