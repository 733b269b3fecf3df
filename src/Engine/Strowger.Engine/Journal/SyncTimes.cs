namespace Strowger.Engine.Journaling;

/// <summary>How long the disk takes to make records stable: counts by duration since the journal was opened, as Prometheus counts them.</summary>
public sealed class SyncTimes
{
    private static readonly double[] _bounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
    private readonly long[] _counts = new long[_bounds.Length + 1];
    private long _ticks;
    private long _longestTicks;

    /// <summary>Upper bounds of the buckets, in seconds; one more bucket takes what is longer.</summary>
    public static IReadOnlyList<double> Bounds => _bounds;

    /// <summary>Syncs in each bucket, not added up; one entry more than there are <see cref="Bounds"/>.</summary>
    public IReadOnlyList<long> Counts
    {
        get
        {
            var counts = new long[_counts.Length];
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = Interlocked.Read(ref _counts[i]);
            }

            return counts;
        }
    }

    /// <summary>Of all syncs.</summary>
    public TimeSpan Sum => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>Of one sync.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longestTicks));

    /// <summary>Called by one thread at a time.</summary>
    internal void Add(TimeSpan took)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && took.TotalSeconds > _bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, took.Ticks);
        if (took.Ticks > _longestTicks)
        {
            Interlocked.Exchange(ref _longestTicks, took.Ticks);
        }
    }
}
