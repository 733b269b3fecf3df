using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Routes;
using Route = Strowger.Features.Messaging.Routes.Route;

namespace Strowger.Server.ConsolePage;

/// <summary>Reads the flow from the engine and the channels. Called by one thread; remembers since when each channel is busy.</summary>
internal sealed class FlowReader(MessagingService messaging)
{
    private readonly TimeProvider _time = messaging.Time;
    private readonly BindMeter _binds = new(messaging.Time);
    private Dictionary<string, long> _busySince = [];

    public FlowSnapshot Read()
    {
        var routes = messaging.Channels.Routes;
        var stamp = _time.GetTimestamp();
        var channels = ReadChannels(stamp);
        var queues = messaging.Engine.GetQueues().Where(q => IsOfTexts(q.Name)).ToList();
        var moving = queues.Where(q => !q.Paused).Select(q => (q.Ready, Channels: ChannelsOf(q.Name, routes))).ToList();
        var paused = queues.Where(q => q is { Paused: true, Ready: > 0 }).ToList();
        return new FlowSnapshot
        {
            Now = _time.GetUtcNow(),
            Stamp = stamp,
            Space = messaging.Engine.Journal.Space,
            Waiting = [queues.Sum(q => q.ReadyJobs[0]), queues.Sum(q => q.ReadyJobs[1]), queues.Sum(q => q.ReadyJobs[2])],
            Scheduled = queues.Sum(q => q.Scheduled),
            InFlight = queues.Sum(q => q.Leased),
            Unsure = queues.Sum(q => q.Unsure),
            AcceptedTotal = queues.Sum(q => q.EnqueuedTotal),
            SentTotal = queues.Sum(q => q.DoneTotal),
            Channels = channels,
            Groups = WaitingGroup.Of(moving.Where(q => q.Channels.Count > 0), channels),
            Unserved = moving.Where(q => q.Channels.Count == 0).Sum(q => q.Ready),
            PausedQueues = [.. paused.Select(q => q.Name)],
            InPausedQueues = paused.Sum(q => q.Ready),
        };
    }

    private List<ChannelFlow> ReadChannels(long now)
    {
        var busySince = new Dictionary<string, long>();
        var flows = new List<ChannelFlow>();
        _binds.Look(messaging.Channels.All, now);
        foreach (var channel in messaging.Channels.All)
        {
            var info = channel.Stage.GetInfo();
            var (state, reason) = channel.State;
            var waiting = info.Ready.Sum();
            var since = _busySince.GetValueOrDefault(channel.Name, now);
            if (waiting > 0 && state is "up" or "partly_up")
            {
                busySince[channel.Name] = since;
            }
            else
            {
                since = now;
            }

            flows.Add(Flow(channel, info, state, reason) with { Waiting = waiting, BusyFor = _time.GetElapsedTime(since, now) });
        }

        _busySince = busySince;
        return flows;
    }

    private ChannelFlow Flow(Channel channel, StageInfo info, string state, string? reason) => new()
    {
        Name = channel.Name,
        Kind = channel.Settings.Kind,
        State = state,
        Reason = reason is null ? null : Words.Cut(reason),
        Rate = info.Rate,
        RateNow = info.RateEffective,
        Used = info.RateUsed,
        HandedOut = info.HandedOut,
        Refused = info.Refused,
        InFlight = info.InFlight,
        Width = channel.Settings.Width,
        RoundTripMs = (channel as SmppChannel)?.RoundTripMs,
        Binds = [.. channel.Binds.Select(b => Bind(channel.Name, b))],
    };

    private BindFlow Bind(string channel, BindInfo bind)
    {
        var isBound = bind.State == "bound";
        return new(bind.Number, isBound, bind.State, isBound || bind.Reason is null ? null : Words.Cut(bind.Reason), bind.InFlight, bind.Window)
        {
            Used = isBound ? _binds.Rate(channel, bind) : 0,
        };
    }

    private static bool IsOfTexts(string queue) =>
        queue.StartsWith(Route.QueuePrefix, StringComparison.Ordinal) || queue.StartsWith(Route.PinnedQueueOf(string.Empty), StringComparison.Ordinal);

    private static IReadOnlyList<string> ChannelsOf(string queue, RouteTable routes)
    {
        var pinned = Route.PinnedQueueOf(string.Empty);
        if (queue.StartsWith(pinned, StringComparison.Ordinal))
        {
            return routes.Pinned(queue[pinned.Length..])?.Channels ?? [];
        }

        return routes.All.FirstOrDefault(r => r.Queue == queue)?.Channels
            ?? routes.FindForPrefix(Route.PrefixOf(queue) ?? string.Empty)?.Channels
            ?? [];
    }
}
