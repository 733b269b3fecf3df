namespace Strowger.Server.ConsolePage;

/// <summary>A queue at one moment: what came in and what went out a second, as means of the last 10 s.</summary>
public sealed record QueueFlow(
    string Name,
    bool IsPaused,
    long Bound,
    long Live,
    IReadOnlyList<long> Ready,
    long Scheduled,
    long Leased,
    long Unsure,
    double InRate,
    double OutRate,
    long DoneTotal,
    long DeadTotal)
{
    public long Waiting => Ready[0] + Ready[1] + Ready[2];

    /// <summary>Jobs a second by which it grows; negative while it drains.</summary>
    public double Growth => InRate - OutRate;

    /// <summary>Until it is full at this growth; null while it does not grow.</summary>
    public TimeSpan? FullIn => Growth > 0.05 && Live < Bound ? TimeSpan.FromSeconds(Math.Min((Bound - Live) / Growth, 1e9)) : null;

    /// <summary>Until it is empty at this drain; null while it does not drain.</summary>
    public TimeSpan? EmptyIn => Waiting > 0 && Growth < -0.05 ? TimeSpan.FromSeconds(Math.Min(Waiting / -Growth, 1e9)) : null;
}
