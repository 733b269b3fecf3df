namespace Strowger.Server.ConsolePage;

/// <summary>From the flow to what the page shows.</summary>
internal static class LiveViews
{
    private static readonly string[] _lanes = ["urgent", "normal", "bulk"];

    public static DoorView Door(FlowSnapshot flow, FlowSecond? second) => new(
        flow.Space == Strowger.Engine.Journaling.JournalSpace.Normal,
        second?.In ?? 0,
        flow.AcceptedTotal,
        flow.SentTotal,
        flow.Scheduled,
        flow.Unsure);

    public static IReadOnlyList<LaneView> Lanes(FlowSnapshot flow, FlowSecond? second) =>
        [.. _lanes.Select((name, lane) => new LaneView(name, flow.Waiting[lane], second?.LaneIn[lane] ?? 0, Math.Round(flow.Channels.Sum(c => LanesOf(c, second)[lane]), 1)))];

    public static IReadOnlyList<ChannelView> Channels(FlowSnapshot flow, FlowSecond? second) =>
        [.. flow.Channels.Take(ConsoleLimits.MaxChannelsShown).Select(c => Channel(c, second))];

    /// <summary>Below this contract a second holds too few texts to speak of a rate.</summary>
    private const double SlowRate = 20;

    /// <summary>What is down is down now, whatever the last seconds were.</summary>
    private static IReadOnlyList<double> LanesOf(ChannelFlow channel, FlowSecond? second) =>
        channel.State == "down" ? [0, 0, 0] : second?.LanesOf(channel.Name) ?? [0, 0, 0];

    private static ChannelView Channel(ChannelFlow channel, FlowSecond? second)
    {
        var lanes = LanesOf(channel, second);
        var used = channel.Rate < SlowRate && channel.State != "down" ? channel.Used : lanes.Sum();
        return new ChannelView(
            channel.Name,
            channel.Kind,
            channel.State,
            channel.Reason,
            channel.Waiting,
            channel.Rate,
            channel.RateNow is { } now ? Math.Round(now, 1) : null,
            Math.Round(used, 1),
            lanes,
            channel.IsThrottled,
            channel.IsStuck,
            channel.Refused,
            channel.InFlight,
            channel.Width,
            channel.RoundTripMs is { } trip ? Math.Round(trip, 1) : null,
            [.. channel.Binds.Take(ConsoleLimits.MaxBindsShown)],
            Math.Max(0, channel.Binds.Count - ConsoleLimits.MaxBindsShown));
    }
}
