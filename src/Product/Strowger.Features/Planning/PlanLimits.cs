namespace Strowger.Features.Planning;

/// <summary>The bounds of a plan, each with the reason for its number.</summary>
public static class PlanLimits
{
    /// <summary>More people than there are.</summary>
    public const long MaxSubscribers = 10_000_000_000;

    public const int MaxTextsEach = 1000;

    public const double MaxCodesPerSecond = 100_000;

    /// <summary>A comparison of carriers has a handful.</summary>
    public const int MaxChannels = 20;

    /// <summary>Parts of a campaign that are simulated at most: a second or two of work. A larger one is simulated at a fraction of its size.</summary>
    public const int MaxSimulated = 100_000;

    /// <summary>The same inside a server, which has texts to send meanwhile.</summary>
    public const int MaxSimulatedLive = 20_000;

    /// <summary>Codes at most; each is made durable by itself, which costs a change of threads.</summary>
    public const int MaxSimulatedCodes = 10_000;

    /// <summary>Texts of which the history is read for one answer about lateness.</summary>
    public const int MaxSampled = 2_000;

    /// <summary>Octets of log read for it: half a second of work.</summary>
    public const long MaxLogBytes = 128L << 20;

    /// <summary>Minutes of lateness asked for at most: a day.</summary>
    public const int MaxMinutes = 1440;
}
