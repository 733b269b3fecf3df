using Strowger.Features.Messaging.Channels;
using Strowger.Features.Planning;

namespace Strowger.Server.Http.Planning;

/// <summary>The channels as they run: the rate at which they are paced now, the binds that are bound, the answers as measured.</summary>
internal static class LivePlan
{
    /// <summary>Of a channel that hands nothing to a carrier.</summary>
    private static readonly TimeSpan _atOnce = TimeSpan.FromMilliseconds(0.1);

    public static IReadOnlyList<PlanChannel> Channels(HttpServices services)
    {
        var all = services.Messaging.Channels.All;
        var working = all.Where(channel => !channel.Stage.IsPaused).Take(PlanLimits.MaxChannels).ToArray();
        return [.. working.Select(Of)];
    }

    /// <summary>Parts that wait already, over all queues of texts.</summary>
    public static long Backlog(HttpServices services) =>
        services.Engine.GetQueues().Where(queue => queue.Name.StartsWith("sms", StringComparison.Ordinal)).Sum(queue => queue.Ready);

    private static PlanChannel Of(Channel channel)
    {
        var settings = channel.Settings;
        var isSmpp = settings.Kind == "smpp";
        var bound = channel.Binds.Count(bind => bind.State == "bound");
        var info = channel.Stage.GetInfo();
        return new PlanChannel
        {
            Name = channel.Name,

            // Below the contract only when the carrier refused lately.
            Rate = info.Rate is { } rate ? Math.Clamp((info.RateEffective ?? rate) / 0.995, 0.001, rate) : null,

            // One that is down counts as it is configured: it is expected back.
            Binds = isSmpp ? (bound > 0 ? bound : settings.Binds) : 1,
            Window = isSmpp ? settings.Window : settings.Width,
            Latency = isSmpp && channel.Stage.RoundTrip > _atOnce ? channel.Stage.RoundTrip : _atOnce,
            Bucket = settings.Bucket,
            Price = settings.Price,
        };
    }
}
