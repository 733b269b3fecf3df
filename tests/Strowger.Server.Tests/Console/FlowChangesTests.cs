using Strowger.Engine.Journaling;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class FlowChangesTests
{
    private readonly List<string> _told = [];
    private readonly FlowChanges _changes;
    private DateTimeOffset _now = Flows.Now;

    public FlowChangesTests() => _changes = new FlowChanges(line => _told.Add(line.Text));

    [Fact]
    public void A_carrier_that_breaks_and_comes_back_is_three_lines()
    {
        Look(Flows.Of(0, Flows.Channel()));
        Look(Flows.Of(68_011, Flows.Channel(state: "partly_up", reason: "the peer cut the connection")));
        Look(Flows.Of(68_011, Flows.Channel(state: "down", reason: "the peer cut the connection")));
        Look(Flows.Of(68_020, Flows.Channel(state: "down", reason: "connection refused")), 5);
        Look(Flows.Of(68_011, Flows.Channel(state: "partly_up", reason: "connection refused")));
        Look(Flows.Of(68_011, Flows.Channel()));
        Assert.Equal(
            [
                "carrier-a is up with 2 binds.",
                "carrier-a is down (the peer cut the connection); 68,011 texts wait safely.",
                "carrier-a is back after 5.5 s with both binds; sending goes on, nothing was lost.",
            ],
            _told);
    }

    [Fact]
    public void A_bind_that_stays_away_is_told()
    {
        Look(Flows.Of(0, Flows.Channel()));
        Look(Flows.Of(0, Flows.Channel(state: "partly_up", reason: "no answer")));
        Look(Flows.Of(0, Flows.Channel(state: "partly_up", reason: "no answer")));
        Assert.Equal("carrier-a lost 1 bind (no answer); the rest carries on.", _told[^1]);
    }

    [Fact]
    public void Connecting_at_the_start_is_no_failure_until_it_lasts()
    {
        Look(Flows.Of(0, Flows.Channel(state: "down")));
        Assert.Empty(_told);
        Look(Flows.Of(0, Flows.Channel(state: "down", reason: "no answer")), 4);
        Assert.Equal(["carrier-a is down (no answer); what comes in waits safely."], _told);
    }

    [Fact]
    public void A_wave_and_its_end_are_told_once()
    {
        var channel = Flows.Channel();
        Look(Flows.Of(0, channel));
        Look(Flows.Of(50_000, channel) with { AcceptedTotal = 50_000 }, 0.5);
        Look(Flows.Of(99_000, channel) with { AcceptedTotal = 100_000, SentTotal = 1000 }, 0.5);
        Look(Flows.Of(95_000, channel) with { AcceptedTotal = 100_001, SentTotal = 5001 }, 1);
        Look(Flows.Of(0, channel) with { AcceptedTotal = 100_001, SentTotal = 100_001 }, 19);
        Look(Flows.Of(0, channel) with { AcceptedTotal = 100_002, SentTotal = 100_002 }, 1);
        Assert.Equal(
            [
                "carrier-a is up with 2 binds.",
                "100,000 texts taken in within 1 s, all on disk.",
                "The last of 100,001 texts has left: 20 s, 4,878 a second.",
            ],
            _told);
    }

    [Fact]
    public void Disk_and_throttling()
    {
        Look(Flows.Of(5000, Flows.Channel()));
        Look(Flows.Of(5000, Flows.Channel() with { RateNow = 2500 }) with { Space = JournalSpace.OutcomesOnly });
        Look(Flows.Of(5000, Flows.Channel()));
        Assert.Equal(
            [
                "carrier-a is up with 2 binds.",
                "carrier-a refuses texts as too fast; slowed down to 2,500 a second of 5,000.",
                "The disk is full; nothing new is taken, what was accepted is safe.",
                "carrier-a takes its full 5,000 a second again.",
                "There is room on the disk again; texts are taken in.",
            ],
            _told);
    }

    private void Look(FlowSnapshot flow, double secondsLater = 0.25)
    {
        _now += TimeSpan.FromSeconds(secondsLater);
        _changes.Look(flow with { Now = _now });
    }
}
