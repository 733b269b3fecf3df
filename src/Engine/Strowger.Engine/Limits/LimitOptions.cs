namespace Strowger.Engine;

/// <summary>A limit of a stage by the key of its jobs (<see cref="JobEngine.Flow"/>): what is behind the stage counts for each sender, brand or customer.</summary>
public sealed record LimitOptions
{
    /// <summary>A thousand million a day is over 10,000 a second: more than any stage does.</summary>
    public const long MaxPerDay = 1_000_000_000;

    /// <summary>One of a stage's limits has it; counts of the day go with it.</summary>
    public required string Name { get; init; }

    /// <summary>Keys that share one bucket; null = each key has a bucket of its own.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Cost a second, 0.001 to 10,000,000; null = any.</summary>
    public double? Rate { get; init; }

    /// <summary>Cost a day, 1 to <see cref="MaxPerDay"/>; null = any.</summary>
    public long? PerDay { get; init; }

    /// <summary>The day that holds a moment (Unix milliseconds): when the count begins anew.</summary>
    public Func<long, LimitDay> DayOf { get; init; } = LimitDay.Utc;

    internal void Check()
    {
        Names.Check(Name, nameof(Name), mayBeEmpty: false);
        if (Rate is not (null or (>= 0.001 and <= 10_000_000)))
        {
            throw new ArgumentOutOfRangeException(nameof(Rate), Rate, "Rate is 0.001 to 10,000,000.");
        }

        if (PerDay is not (null or (>= 1 and <= MaxPerDay)))
        {
            throw new ArgumentOutOfRangeException(nameof(PerDay), PerDay, "PerDay is 1 to 1,000,000,000.");
        }
    }
}

/// <summary>From when to when a day lasts, Unix milliseconds, the end not included.</summary>
public readonly record struct LimitDay(long StartMs, long EndMs)
{
    private const long DayMs = 24 * 60 * 60 * 1000;

    /// <summary>The day of UTC.</summary>
    public static LimitDay Utc(long ms) => new(ms - (ms % DayMs), ms - (ms % DayMs) + DayMs);
}
