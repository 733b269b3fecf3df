namespace Strowger.Features.Planning;

/// <summary>A channel as it is, or as it might be.</summary>
public sealed record PlanChannel
{
    public required string Name { get; init; }

    /// <summary>Parts a second over all binds, 0.001 to 10,000,000; null = unlimited, then the window limits.</summary>
    public double? Rate { get; init; }

    /// <summary>1 to 64.</summary>
    public int Binds { get; init; } = 1;

    /// <summary>Parts in flight a bind, 1 to 10,000.</summary>
    public int Window { get; init; } = 50;

    /// <summary>How long the carrier takes to answer, 0.1 ms to 10 min.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The carrier's bucket.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Of a part; null: not told.</summary>
    public decimal? Price { get; init; }

    public int Width => Binds * Window;

    /// <summary>Slots that only codes use, as <see cref="Strowger.Engine.StageOptions.UrgentSlots"/> says.</summary>
    internal int UrgentSlots => Width > 1 ? Math.Max(1, Width / 16) : 0;

    /// <summary>Parts a second that the windows let through while a campaign fills them.</summary>
    public double ByWindow => (Width - UrgentSlots) / Latency.TotalSeconds;

    /// <summary>Parts a second at which the server paces it: it keeps half a percent below the contract.</summary>
    internal double ByRate => Rate is { } rate ? rate * Pace : double.PositiveInfinity;

    /// <summary>Parts a second that it carries.</summary>
    public double Capacity => Math.Min(ByRate, ByWindow);

    /// <summary>Its rate is more than its windows let through.</summary>
    public bool IsLimitedByWindow => ByWindow < ByRate;

    /// <summary>As the engine's pacer.</summary>
    internal const double Pace = 0.995;
}

/// <summary>What is to be sent, and over what.</summary>
public sealed record PlanInput
{
    public long Subscribers { get; init; }

    public int TextsEach { get; init; } = 1;

    /// <summary>Parts of a text, 1 to 255.</summary>
    public int PartsEach { get; init; } = 1;

    /// <summary>Texts of the campaign accepted an hour, evenly; null = all at once.</summary>
    public double? PerHour { get; init; }

    /// <summary>One-time codes a second that arrive meanwhile (a Poisson stream, one part each), urgent.</summary>
    public double CodesPerSecond { get; init; }

    /// <summary>Parts that wait already and leave before the campaign.</summary>
    public long Backlog { get; init; }

    public IReadOnlyList<PlanChannel> Channels { get; init; } = [];

    /// <summary>Null: the channels' own prices.</summary>
    public decimal? PricePerPart { get; init; }

    /// <summary>Said beside prices; empty: nothing.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Nobody is to wait longer.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    public int Seed { get; init; } = 1;

    public int MaxSimulated { get; init; } = PlanLimits.MaxSimulated;

    public double Texts => (double)Subscribers * TextsEach;

    /// <summary>Of the campaign.</summary>
    public double Parts => Texts * PartsEach;

    /// <summary>Parts a second that the campaign brings; null = all at once.</summary>
    internal double? PartsPerSecond => PerHour is { } texts ? texts * PartsEach / 3600 : null;

    /// <summary>Mean price of a part: as given, else the channels' own weighed by what each carries; null when one has none.</summary>
    public decimal? Price
    {
        get
        {
            if (PricePerPart is not null || Channels.Count == 0 || Channels.Any(channel => channel.Price is null))
            {
                return PricePerPart;
            }

            var all = Channels.Sum(channel => channel.Capacity);
            return Channels.Sum(channel => (decimal)(channel.Capacity / all) * channel.Price!.Value);
        }
    }

    /// <summary>What is wrong with it, in words that name the value and what is allowed; null when it can be planned.</summary>
    public string? Problem()
    {
        if (Channels.Count is 0 or > PlanLimits.MaxChannels)
        {
            return Channels.Count == 0 ? "No channel: name at least one, or take those of the running server." : $"{Channels.Count} channels; at most {PlanLimits.MaxChannels}.";
        }

        if (Parts <= 0 && CodesPerSecond <= 0)
        {
            return "Nothing to send: give subscribers, or codes a second, or both.";
        }

        return Range("subscribers", Subscribers, 0, PlanLimits.MaxSubscribers)
            ?? Range("texts each", TextsEach, 1, PlanLimits.MaxTextsEach)
            ?? Range("parts each", PartsEach, 1, 255)
            ?? Range("texts an hour", PerHour ?? 1, 0.001, 1e12)
            ?? Range("codes a second", CodesPerSecond, 0, PlanLimits.MaxCodesPerSecond)
            ?? Range("limit in seconds", Limit.TotalSeconds, 0.1, 31_536_000)
            ?? Range("price", (double)(PricePerPart ?? 0), 0, 1000)
            ?? Channels.Select(ProblemOf).FirstOrDefault(problem => problem is not null);
    }

    private static string? ProblemOf(PlanChannel channel) =>
        Range($"rate of {channel.Name}", channel.Rate ?? 1, 0.001, 10_000_000)
        ?? Range($"binds of {channel.Name}", channel.Binds, 1, 64)
        ?? Range($"window of {channel.Name}", channel.Window, 1, 10_000)
        ?? Range($"latency of {channel.Name} in ms", channel.Latency.TotalMilliseconds, 0.1, 600_000)
        ?? Range($"bucket of {channel.Name} in ms", channel.Bucket.TotalMilliseconds, 1, 3_600_000);

    private static string? Range(string what, double value, double from, double to) =>
        value >= from && value <= to ? null : FormattableString.Invariant($"{what} is {value}; allowed is {from} to {to}.");
}
