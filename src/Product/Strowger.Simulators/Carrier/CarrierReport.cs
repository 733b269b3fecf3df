namespace Strowger.Simulators;

/// <param name="MinMs">Between one submit and the next, over all binds.</param>
public sealed record GapReport(double MinMs, double P50Ms, double P99Ms, double MaxMs);

/// <param name="AcceptedPerSecond">The last 600 seconds at most, oldest first.</param>
/// <param name="PeakPerBucket">The most parts accepted within one slot as long as the bucket.</param>
/// <param name="RateUsed">Accepted by what the rate allowed while submits came; null without a rate.</param>
public sealed record PaceReport(
    DateTimeOffset? FirstSubmit, DateTimeOffset? LastSubmit, IReadOnlyList<int> AcceptedPerSecond, IReadOnlyList<int> ThrottledPerSecond,
    int PeakPerBucket, GapReport Gaps, double BusySeconds, double? RateUsed);

/// <param name="UptimeSeconds">Since the start, by the monotonic clock: the moment at which this was counted.</param>
/// <param name="Submits">Every submit_sm received.</param>
/// <param name="OverLimitSeconds">Wall seconds in which at least one part was over the rate.</param>
/// <param name="WindowExceeded">Submits beyond the window of their bind.</param>
/// <param name="Throttled">Over the rate, or over the rate or the day of their source.</param>
/// <param name="Swallowed">Taken while a black hole: never answered, not among the accepted.</param>
/// <param name="CountingComplete">False once more distinct parts came than are kept; distinct and duplicates are then lower bounds.</param>
public sealed record CarrierReport(
    double UptimeSeconds, int BindsNow, long BindsTotal, long BindsRefused, long Disconnects, long Submits, long Accepted, long Throttled, long OverLimitSeconds,
    long WindowExceeded, long Errors, long Swallowed, long Distinct, long Duplicates, bool CountingComplete,
    DeliverReport Receipts, DeliverReport Mo, PaceReport Pace, SourceReport Sources);

/// <param name="Waiting">Due now or later, or sent and not answered.</param>
/// <param name="Dropped">Given up: too many waiting, or refused too often.</param>
public sealed record DeliverReport(long Created, long Delivered, long Refused, long Waiting, long Dropped);
