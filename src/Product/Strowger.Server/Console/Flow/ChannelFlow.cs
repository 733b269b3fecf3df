namespace Strowger.Server.ConsolePage;

/// <summary>A channel at one moment. Rates in parts a second.</summary>
public sealed record ChannelFlow
{
    public required string Name { get; init; }

    public string Kind { get; init; } = "smpp";

    /// <summary><c>up</c>, <c>partly_up</c>, <c>down</c> or <c>paused</c>.</summary>
    public string State { get; init; } = "up";

    public string? Reason { get; init; }

    /// <summary>Parts ready that this channel may take.</summary>
    public long Waiting { get; init; }

    /// <summary>The contract; null = no limit.</summary>
    public double? Rate { get; init; }

    /// <summary>What the pacing allows now; null = no limit.</summary>
    public double? RateNow { get; init; }

    /// <summary>What was handed over, mean of the last 5 s.</summary>
    public double Used { get; init; }

    /// <summary>Handed out since the start, by lane.</summary>
    public IReadOnlyList<long> HandedOut { get; init; } = [0, 0, 0];

    /// <summary>Refused by the carrier as too fast, since the start.</summary>
    public long Refused { get; init; }

    public int InFlight { get; init; }

    public int Width { get; init; }

    /// <summary>Null where nothing is asked and answered.</summary>
    public double? RoundTripMs { get; init; }

    public IReadOnlyList<BindFlow> Binds { get; init; } = [];

    /// <summary>How long there has been more to send than went out at once.</summary>
    public TimeSpan BusyFor { get; init; }

    public bool IsMoving => State is "up" or "partly_up";

    /// <summary>Held well below the contract because the carrier refused.</summary>
    public bool IsThrottled => IsMoving && Rate is { } rate && RateNow < rate * 0.95 && (Waiting > 0 || Used > 0);

    /// <summary>Connected, with work, and nothing has come back for a while.</summary>
    public bool IsStuck => IsMoving && BusyFor >= _judgedAfter && Used <= 0;

    /// <summary>
    /// Parts a second to expect: what the pacing allows, or, once it has been busy long enough to tell, what really goes out.
    /// Null while nothing is known.
    /// </summary>
    public double? ExpectedRate =>
        !IsMoving || IsStuck ? null
        : BusyFor >= _judgedAfter && Used < (RateNow ?? double.PositiveInfinity) * 0.9 ? Used
        : RateNow ?? (Used > 0 ? Used : null);

    /// <summary>The mean spans 5 whole seconds.</summary>
    private static readonly TimeSpan _judgedAfter = TimeSpan.FromSeconds(6);
}

/// <summary>One connection of a channel.</summary>
public sealed record BindFlow(int Number, bool IsBound, string State, string? Reason, int InFlight, int Window)
{
    /// <summary>Parts a second that the carrier took over it, mean of the last 5 s.</summary>
    public double Used { get; init; }

    /// <summary>Its window is full: what limits it is how fast the carrier answers.</summary>
    public bool IsFull => IsBound && Window > 0 && InFlight >= Window;
}
