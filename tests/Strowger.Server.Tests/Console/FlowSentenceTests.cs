using Strowger.Engine.Journaling;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class FlowSentenceTests
{
    [Fact]
    public void Nobody_waits()
    {
        var said = Say(Flows.Of(0, Flows.Channel() with { Used = 24.6 }), out var sentence);
        Assert.Equal("Nobody is waiting.", said);
        Assert.Equal("Texts leave as they come in, 24.6 a second.", sentence.Detail);
        Assert.Equal(Tone.Calm, sentence.Tone);
    }

    [Fact]
    public void What_leaves_within_a_second_is_not_waiting() =>
        Assert.Equal("Nobody is waiting.", Say(Flows.Of(40, Flows.Channel())));

    [Fact]
    public void Waiting_says_when_the_last_one_leaves()
    {
        var said = Say(Flows.Of(84_210, Flows.Channel()), out var sentence);
        Assert.Equal("84,210 texts are waiting for carrier-a; at 4,975 a second the last one leaves at 14:03:21 (in 17 s).", said);
        Assert.Equal(Tone.Calm, sentence.Tone);
    }

    [Fact]
    public void One_text_is_singular() =>
        Assert.Equal("1 text is waiting for gsm1; at 0.3 a second the last one leaves at 14:03:08 (in 4 s).", Say(Flows.Of(1, Flows.Channel("gsm1", 0.3))));

    [Fact]
    public void A_channel_that_does_less_than_it_may_is_expected_to_go_on_so()
    {
        var slow = Flows.Channel() with { Used = 1000, BusyFor = TimeSpan.FromSeconds(10) };
        Assert.Equal("60,000 texts are waiting for carrier-a; at 1,000 a second the last one leaves at 14:04:04 (in 60 s).", Say(Flows.Of(60_000, slow)));
    }

    [Fact]
    public void Unlimited_and_not_yet_seen_sending_gives_no_time() =>
        Assert.Equal("500 texts are waiting for fast; how fast they leave is known in a few seconds.", Say(Flows.Of(500, Flows.Channel("fast", null))));

    [Fact]
    public void Down_says_why_and_that_texts_are_safe()
    {
        var down = Flows.Channel(state: "down", reason: "10.0.0.1:2775: connection refused (nothing listens there)");
        var said = Say(Flows.Of(12_000, down), out var sentence);
        Assert.Equal("carrier-a is down (connection refused): 12,000 texts are safe and wait.", said);
        Assert.Equal(Tone.Trouble, sentence.Tone);
        Assert.Equal(PieceKind.Alarm, sentence.Pieces[0].Kind);
    }

    [Fact]
    public void Down_with_nobody_waiting() =>
        Assert.Equal("carrier-a is down (no answer). Nobody is waiting.", Say(Flows.Of(0, Flows.Channel(state: "down", reason: "no answer"))));

    [Fact]
    public void One_of_two_down_while_the_other_goes_on()
    {
        var said = Say(Flows.Of((12_000, [Flows.Channel(state: "down")]), (500, [Flows.Channel("carrier-b", 10)])), out var sentence);
        Assert.Equal("carrier-a is down: 12,000 texts are safe and wait.", said);
        Assert.Contains("500 texts for other channels go out meanwhile.", sentence.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_channel_of_the_route_carries_on()
    {
        var said = Say(Flows.Of(9950, Flows.Channel(state: "down", reason: "no answer"), Flows.Channel("carrier-b", 1000)), out var sentence);
        Assert.Equal("9,950 texts are waiting for carrier-b; at 995 a second the last one leaves at 14:03:14 (in 10 s).", said);
        Assert.Equal("carrier-a is down (no answer).", sentence.Detail);
    }

    [Fact]
    public void Several_channels_of_one_route_work_together() =>
        Assert.Equal(
            "99,500 texts are waiting for carrier-a and carrier-b; at 9,950 a second together the last one leaves at 14:03:14 (in 10 s).",
            Say(Flows.Of(99_500, Flows.Channel(), Flows.Channel("carrier-b"))));

    [Fact]
    public void Several_routes_end_with_the_slowest() =>
        Assert.Equal(
            "50,050 texts are waiting for carrier-a and gsm1; the last one, over gsm1, leaves at 14:05:45 (in 2 min 41 s).",
            Say(Flows.Of((50_002, [Flows.Channel()]), (48, [Flows.Channel("gsm1", 0.3)]))));

    [Fact]
    public void Paused_is_no_alarm()
    {
        var said = Say(Flows.Of(7, Flows.Channel(state: "paused")), out var sentence);
        Assert.Equal("carrier-a is paused: 7 texts are safe and wait until it is resumed.", said);
        Assert.Equal(Tone.Attention, sentence.Tone);
    }

    [Fact]
    public void A_paused_queue()
    {
        var flow = Flows.Of(0, Flows.Channel()) with { Waiting = [0, 0, 30], InPausedQueues = 30, PausedQueues = ["sms:default"] };
        Assert.Equal("The queue sms:default is paused: 30 texts are safe and wait.", Say(flow));
    }

    [Fact]
    public void Throttled_below_the_contract()
    {
        var throttled = Flows.Channel() with { RateNow = 3100, Refused = 212, Used = 3050 };
        var said = Say(Flows.Of(31_000, throttled), out var sentence);
        Assert.Equal("carrier-a takes only 3,100 a second, 62 % of its contract: 31,000 texts are waiting, the last one leaves at 14:03:14 (in 10 s).", said);
        Assert.Contains("refused 212 texts as too fast", sentence.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Connected_and_silent()
    {
        var silent = Flows.Channel() with { BusyFor = TimeSpan.FromSeconds(8), InFlight = 200 };
        Assert.Equal("carrier-a is connected but answers nothing: 900 texts are safe and wait.", Say(Flows.Of(900, silent)));
    }

    [Theory]
    [InlineData(JournalSpace.OutcomesOnly, "Sending goes on from the reserve.")]
    [InlineData(JournalSpace.Stopped, "Sending has stopped too")]
    public void Disk_full_comes_before_all_else(JournalSpace space, string detail)
    {
        var said = Say(Flows.Of(12, Flows.Channel(state: "down")) with { Space = space }, out var sentence);
        Assert.Equal("The disk is full: what was accepted is safe, 12 texts wait, nothing new is taken until there is room.", said);
        Assert.StartsWith(detail, sentence.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void No_channel_yet() =>
        Assert.Equal("There is no channel yet, so no text can leave.", Say(Flows.Of()));

    [Fact]
    public void Texts_that_nobody_serves() =>
        Assert.Equal("3 texts are safe and wait: no channel serves their numbers.", Say(Flows.Of(0, Flows.Channel()) with { Waiting = [0, 3, 0], Unserved = 3 }));

    [Fact]
    public void Part_of_the_binds_and_the_unsure_are_told_small()
    {
        var flow = Flows.Of(0, Flows.Channel(state: "partly_up", reason: "the peer cut the connection")) with { Unsure = 2, Scheduled = 1 };
        Assert.Equal("Nobody is waiting.", Say(flow, out var sentence));
        Assert.Equal(
            "Nothing to send. carrier-a has 1 of 2 binds (the peer cut the connection); the rest carries on. 1 text is scheduled for later. "
            + "2 texts were on the wire; a late answer or receipt tells whether the carrier has them.",
            sentence.Detail);
    }

    private static string Say(FlowSnapshot flow) => Say(flow, out _);

    private static string Say(FlowSnapshot flow, out Sentence sentence)
    {
        sentence = FlowSentence.Of(flow);
        return sentence.ToText(TimeZoneInfo.Utc);
    }
}
