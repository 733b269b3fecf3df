namespace Strowger.Engine.Stages;

/// <summary>How long leases are.</summary>
internal static class LeaseTimes
{
    public static void Check(TimeSpan? time, StageOptions options)
    {
        if (time is not { } given || given <= TimeSpan.Zero || given > EngineLimits.MaxLease)
        {
            throw new ArgumentOutOfRangeException(
                nameof(time), time, $"A lease of stage '{options.Name}' is over zero and at most {EngineLimits.MaxLease.TotalHours} h.");
        }
    }

    /// <summary>
    /// Milliseconds a lease has left after a restart. By the wall clock, the only one that goes on meanwhile: so a clock that was set
    /// shortens none below the grace and lengthens none over the longest.
    /// </summary>
    public static long Left(long untilMs, long nowMs, StageOptions options) =>
        Math.Clamp(untilMs - nowMs, (long)options.UnsureGrace.TotalMilliseconds, (long)EngineLimits.MaxLease.TotalMilliseconds);
}
