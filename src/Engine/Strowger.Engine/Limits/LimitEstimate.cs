namespace Strowger.Engine.Limits;

/// <summary>When a bucket will have let so much go.</summary>
internal static class LimitEstimate
{
    /// <summary>Days gone through one by one; beyond, each counts 24 hours.</summary>
    private const int MaxDays = 400;

    private const double DayMs = 24 * 60 * 60 * 1000;

    /// <param name="bucket">The bucket.</param>
    /// <param name="ahead">What waits before it and itself.</param>
    /// <param name="nowMs">Wall clock.</param>
    public static TimeSpan Of(LimitBucket bucket, double ahead, long nowMs)
    {
        var from = (double)nowMs;
        var left = ahead;
        if (bucket.Options.PerDay is { } most)
        {
            _ = bucket.Room(nowMs);
            var room = Math.Max(0, most - bucket.Day.Used);
            if (ahead > room)
            {
                var days = (long)Math.Ceiling((ahead - room) / most);
                left = ahead - room - ((days - 1) * (double)most);
                from = StartOf(bucket, days);
            }
        }

        var wait = Math.Max(0, from - nowMs);
        if (bucket.Rate is { } rate)
        {
            var tokens = from > nowMs ? rate.Capacity : rate.Whole;
            wait += Math.Max(0, left - tokens) / rate.Rate * 1000;
        }

        return TimeSpan.FromMilliseconds(Math.Min(wait, 1e12));
    }

    private static double StartOf(LimitBucket bucket, long days)
    {
        var at = bucket.Day.EndMs;
        var gone = 1L;
        for (; gone < Math.Min(days, MaxDays); gone++)
        {
            at = bucket.Options.DayOf(at).EndMs;
        }

        return at + ((days - gone) * DayMs);
    }
}
