namespace Strowger.Features.Planning;

/// <summary>Where a text spends its time.</summary>
public enum Leg
{
    /// <summary>From its <c>generated_at</c> to its acceptance: the sender's own queue and network.</summary>
    BeforeUs,

    /// <summary>From its acceptance, or the moment it was asked for, to the hand-over that succeeded: our queue, pace and retries.</summary>
    Waiting,

    /// <summary>From that hand-over to the carrier's answer.</summary>
    Carrier,

    /// <summary>From that answer to the receipt that says delivered.</summary>
    Handset,
}

/// <summary>One leg of one channel. Seconds.</summary>
/// <param name="Count">Texts of which it is known.</param>
public sealed record LegTimes(Leg Leg, long Count, double P50, double P99, double Mean);

/// <summary>One channel's legs, all four in order; those never seen have a count of 0.</summary>
public sealed record ChannelLateness(string Channel, IReadOnlyList<LegTimes> Legs);

/// <summary>How late texts were.</summary>
public sealed record LatenessReport
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>Parts answered or delivered in that time.</summary>
    public required long Seen { get; init; }

    /// <summary>How many of them were looked at, evenly chosen.</summary>
    public required long Sampled { get; init; }

    /// <summary>The log of that time was too long: <see cref="From"/> is later than asked.</summary>
    public required bool IsShortened { get; init; }

    public required IReadOnlyList<ChannelLateness> Channels { get; init; }

    /// <summary>Over all channels.</summary>
    public required IReadOnlyList<LegTimes> All { get; init; }
}
