using System.Collections.Concurrent;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Limits;
using Strowger.Features.Messaging.Routes;

namespace Strowger.Features.Messaging.Sending;

/// <summary>
/// When a text accepted now would be handed over: what waits before it in its lane and those above, divided by what the
/// channels of its route take. A channel that is down counts with its configured rate. Looked up at most ten times a second a route.
/// </summary>
public sealed class Eta(JobEngine engine, ChannelSet channels, TimeProvider time)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Estimate> _estimates = new(StringComparer.Ordinal);

    /// <summary>Time from now until a text of this lane is handed over.</summary>
    public TimeSpan Of(Route route, Lane lane)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (!_estimates.TryGetValue(route.Queue, out var estimate) || time.GetElapsedTime(estimate.Taken) > _fresh)
        {
            estimate = Take(route);
            _estimates[route.Queue] = estimate;
        }

        return estimate.Waits[(int)lane];
    }

    /// <summary>The same for texts of one sender, which may have to wait for a limit of their own.</summary>
    public TimeSpan Of(Route route, Lane lane, Sender sender, long parts)
    {
        var wait = Of(route, lane);
        var limited = LimitWait(route, lane, sender, parts);
        return limited > wait ? limited : wait;
    }

    /// <summary>Until so many parts more of a sender would have left by the limits alone: by the channel that has room first.</summary>
    public TimeSpan LimitWait(Route route, Lane lane, Sender sender, long parts)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (!route.HasLimits)
        {
            return TimeSpan.Zero;
        }

        var key = SenderKey.Of(sender);
        var least = TimeSpan.MaxValue;
        foreach (var name in route.Channels)
        {
            var wait = channels.Find(name)?.Stage.LimitWait(key, lane, parts) ?? TimeSpan.MaxValue;
            least = wait < least ? wait : least;
        }

        return least == TimeSpan.MaxValue ? TimeSpan.Zero : least;
    }

    /// <summary>The limit by day that a text of a sender counts against, on the channel of its route that grants most; null where one counts no days.</summary>
    public LimitOptions? DayLimitOf(Route route, Sender sender)
    {
        ArgumentNullException.ThrowIfNull(route);
        var key = SenderKey.Of(sender);
        LimitOptions? most = null;
        foreach (var name in route.Channels)
        {
            if (channels.Find(name) is { } channel)
            {
                if (channel.Stage.DayLimitOf(key) is not { } limit)
                {
                    return null;
                }

                most = most?.PerDay >= limit.PerDay ? most : limit;
            }
        }

        return most;
    }

    private Estimate Take(Route route)
    {
        var ready = new double[3];
        var rate = 0.0;
        foreach (var name in route.Channels)
        {
            if (channels.Find(name) is { } channel)
            {
                var info = channel.Stage.GetInfo();
                for (var lane = 0; lane < ready.Length; lane++)
                {
                    ready[lane] = Math.Max(ready[lane], info.Ready[lane]);
                }

                rate += RateOf(info);
            }
        }

        var waits = new TimeSpan[3];
        var before = 0.0;
        for (var lane = 0; lane < waits.Length; lane++)
        {
            before += ready[lane];
            waits[lane] = rate > 0 ? TimeSpan.FromSeconds(Math.Min(before / rate, 1e9)) : TimeSpan.Zero;
        }

        return new Estimate(time.GetTimestamp(), waits);
    }

    /// <summary>What a channel takes a second: what it takes now when it works, its configured rate when it does not.</summary>
    private static double RateOf(StageInfo info) =>
        info.RateEffective ?? (info.RateUsed > 0 ? info.RateUsed : UnlimitedRate);

    /// <summary>For an unlimited channel that has not sent yet: what two cores do.</summary>
    private const double UnlimitedRate = 10_000;

    /// <summary>Parts a second that the channels of a route take together.</summary>
    public double RateOf(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        var rate = 0.0;
        foreach (var name in route.Channels)
        {
            rate += channels.Find(name) is { } channel ? RateOf(channel.Stage.GetInfo()) : 0;
        }

        return rate;
    }

    /// <summary>Parts that wait for the channels of a route, all lanes.</summary>
    public long Backlog(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return engine.GetQueue(route.Queue)?.Ready ?? 0;
    }

    private sealed record Estimate(long Taken, TimeSpan[] Waits);
}
