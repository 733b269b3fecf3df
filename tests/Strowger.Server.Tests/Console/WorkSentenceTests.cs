using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class WorkSentenceTests
{
    private static readonly QueueFlow _idle = new("sms:default", false, 1_000_000, 0, [0, 0, 0], 0, 0, 0, 0, 0, 0, 0);

    [Fact]
    public void What_grows_is_said_first_with_when_it_is_full()
    {
        var growing = _idle with { Live = 100_000, Ready = [0, 0, 99_000], InRate = 2000, OutRate = 500 };
        Assert.Equal("sms:default grows by 1,500 a second: it is full in 10 min if that goes on.", Say(growing, _idle with { Name = "other" }));
        Assert.Equal("grows, full in 10 min", WorkSentence.Verdict(Language.English, growing));
        Assert.Equal("sms:default crece 1\u202f500 por segundo: si sigue así, se llena en 10 min.", WorkSentence.Of(Language.Spanish, [growing]).ToText(TimeZoneInfo.Utc));
    }

    [Fact]
    public void What_drains_says_when_it_is_empty()
    {
        var draining = _idle with { Live = 1000, Ready = [0, 0, 1000], InRate = 10, OutRate = 60 };
        Assert.Equal("Nothing grows. sms:default has most: 1,000 parts, empty in 20 s.", Say(draining));
        Assert.Equal("drains, empty in 20 s", WorkSentence.Verdict(Language.English, draining));
    }

    [Fact]
    public void Full_and_paused_come_before_all()
    {
        var full = _idle with { Name = "full", Live = 1_000_000, Ready = [0, 0, 1_000_000] };
        var paused = _idle with { Name = "held", IsPaused = true, Live = 5, Ready = [5, 0, 0] };
        Assert.Equal("full is full: new work for it is refused until it drains.", Say(paused, full));
        Assert.Equal("held is paused with 5 jobs in it.", Say(paused, _idle));
        Assert.Equal("Nothing waits.", Say(_idle));
        Assert.Equal("There is no work yet.", Say());
    }

    private static string Say(params QueueFlow[] queues) => WorkSentence.Of(Language.English, queues).ToText(TimeZoneInfo.Utc);
}
