using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

/// <summary>Snapshots to tell of.</summary>
internal static class Flows
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 14, 3, 4, TimeSpan.Zero);

    public static ChannelFlow Channel(string name = "carrier-a", double? rate = 5000, string state = "up", string? reason = null) => new()
    {
        Name = name,
        State = state,
        Reason = reason,
        Rate = rate,
        RateNow = rate * 0.995,
        Width = 200,
        Binds = [.. Enumerable.Range(1, 2).Select(n => new BindFlow(n, state == "up" || (state == "partly_up" && n == 1), state == "up" ? "bound" : "waiting", reason, 0, 100))],
    };

    /// <summary>So many bulk texts wait for all these channels together.</summary>
    public static FlowSnapshot Of(long waiting, params ChannelFlow[] channels) => Of([(waiting, channels)]);

    public static FlowSnapshot Of(params (long Waiting, ChannelFlow[] Channels)[] groups)
    {
        var channels = groups.SelectMany(g => g.Channels.Select(c => c with { Waiting = g.Waiting })).ToList();
        return new FlowSnapshot
        {
            Now = Now,
            Waiting = [0, 0, groups.Sum(g => g.Waiting)],
            Channels = channels,
            Groups = WaitingGroup.Of(groups.Select(g => (g.Waiting, (IReadOnlyList<string>)[.. g.Channels.Select(c => c.Name)])), channels),
        };
    }
}
