namespace Strowger.Engine;

/// <summary>What to do with a job of which nobody knows whether it was done, once its grace is over.</summary>
public enum WhenUnsure : byte
{
    /// <summary>Hand it out again, at most <see cref="StageOptions.MaxResends"/> times: it may be done twice.</summary>
    Resend,

    /// <summary>Give it up for a human to decide: it may never be done.</summary>
    Hold,
}

/// <summary>What a job counts against, read from its body.</summary>
public delegate string JobKey(ReadOnlySpan<byte> body);

/// <summary>How a stage works. All of it can be changed while it runs.</summary>
public sealed record StageOptions
{
    internal static readonly StageOptions Fallback = new() { Name = "none" };

    public required string Name { get; init; }

    /// <summary>Jobs in hand at once, 0 to 1,000,000; 0 stops hand-out.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Cost a second, 0.001 to 10,000,000; null = unlimited.</summary>
    public double? Rate { get; init; }

    /// <summary>The bucket of whoever is behind the stage: our own burst is at most half of it. 1 ms to 1 h.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>By key of its jobs, beside its rate: at most <see cref="EngineLimits.MaxLimits"/>, each with a name of its own.</summary>
    public IReadOnlyList<LimitOptions> Limits { get; init; } = [];

    /// <summary>Reads the key from a job's body, for jobs that were enqueued without one; null = they all count as of the empty key.</summary>
    public JobKey? KeyOf { get; init; }

    /// <summary>Jobs of one flow in hand at once, 1 to 1,000,000, so that a slow flow does not take the whole width; null = no limit.</summary>
    public int? FlowWidth { get; init; }

    /// <summary>Slots of the width that only urgent jobs use; null = a sixteenth of it, none of a width of 1.</summary>
    public int? UrgentSlots { get; init; }

    /// <summary>Share of hand-outs that normal jobs get though urgent ones wait, 0 to 0.5.</summary>
    public double NormalShare { get; init; } = 0.10;

    /// <summary>Share of hand-outs that bulk jobs get though others wait, 0 to 0.5.</summary>
    public double BulkShare { get; init; } = 0.05;

    /// <summary>1 to 255.</summary>
    public int MaxAttempts { get; init; } = 20;

    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    public WhenUnsure WhenUnsure { get; init; } = WhenUnsure.Resend;

    /// <summary>0 to 255.</summary>
    public int MaxResends { get; init; } = 3;

    /// <summary>
    /// Its jobs are in the hands of other processes: a lease goes on over a restart of this one, with the same token, and ends by time
    /// alone. What ended while the engine was away ends <see cref="UnsureGrace"/> after its return.
    /// </summary>
    public bool KeepLeases { get; init; }

    /// <summary>How long an unsure job waits for a late answer before <see cref="WhenUnsure"/> decides; from the moment the other side can be reached again.</summary>
    public TimeSpan UnsureGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it waits for that moment: another stage may be able to do it.</summary>
    public TimeSpan UnsureGraceDown { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For stages with a handler: how long one job may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For stages with a handler: failures in a row that open the breaker, 0 = no breaker.</summary>
    public int BreakerFailures { get; init; } = 10;

    /// <summary>How long an open breaker waits before it tries one job.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(5);

    public void Check()
    {
        Range(Width, 0, 1_000_000, nameof(Width));
        Range(FlowWidth ?? 1, 1, 1_000_000, nameof(FlowWidth));
        Range(Rate ?? 1, 0.001, 10_000_000, nameof(Rate));
        Range(Bucket.TotalMilliseconds, 1, 3_600_000, nameof(Bucket));
        Range(NormalShare, 0, 0.5, nameof(NormalShare));
        Range(BulkShare, 0, 0.5, nameof(BulkShare));
        Range(MaxAttempts, 1, 255, nameof(MaxAttempts));
        Range(MaxResends, 0, 255, nameof(MaxResends));
        Range(Limits.Count, 0, EngineLimits.MaxLimits, nameof(Limits));
        foreach (var limit in Limits)
        {
            limit.Check();
        }

        if (Limits.Select(limit => limit.Name).Distinct(StringComparer.Ordinal).Count() < Limits.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(Limits), "each has a name of its own.");
        }
    }

    private static void Range(double value, double from, double to, string name)
    {
        if (!(value >= from && value <= to))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {from} to {to}."));
        }
    }
}

/// <summary>Exponential waits with jitter: attempt n waits between half of and the whole of <c>Base × 2ⁿ⁻¹</c>, at most <c>Max</c>.</summary>
public readonly record struct Backoff(TimeSpan Base, TimeSpan Max)
{
    internal long Next(int attempt, Random random)
    {
        var full = Math.Min(Max.TotalMilliseconds, Base.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 30)));
        return (long)(full * (0.5 + (random.NextDouble() / 2)));
    }
}
