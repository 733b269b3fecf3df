using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class FlowHistoryTests
{
    [Fact]
    public void What_passed_is_told_by_lane_and_channel()
    {
        var before = Flows.Of(100_000, Flows.Channel()) with { AcceptedTotal = 100_000 };
        var after = Flows.Of(95_050, Flows.Channel() with { HandedOut = [25, 0, 4950] }) with { AcceptedTotal = 100_025 };
        var second = FlowSecond.Between(before, after, TimeSpan.FromSeconds(1));
        Assert.Equal(25, second.In);
        Assert.Equal(4975, second.Out);
        Assert.Equal([25, 0, 0], second.LaneIn);
        Assert.Equal([25, 0, 4950], second.LanesOf("carrier-a"));
    }

    [Fact]
    public void What_the_carrier_refused_did_not_pass()
    {
        var before = Flows.Of(1000, Flows.Channel());
        var after = Flows.Of(500, Flows.Channel() with { HandedOut = [0, 0, 1000], Refused = 500 });
        Assert.Equal(500, FlowSecond.Between(before, after, TimeSpan.FromSeconds(1)).Out);
    }

    [Fact]
    public void Keeps_two_minutes_and_the_peak_until_nobody_waits()
    {
        var history = new FlowHistory(TimeProvider.System);
        for (var i = 0; i < 300; i++)
        {
            history.Add(Flows.Of(1000 - i, Flows.Channel()));
        }

        Assert.Equal(ConsoleLimits.HistoryPoints, history.Past.Points.Count);
        Assert.Equal(1000, history.PeakWaiting);
        history.Add(Flows.Of(0, Flows.Channel()));
        Assert.Equal(0, history.PeakWaiting);
    }
}
