using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Clock;

/// <summary>The machine's date is set an hour ahead, then an hour back, while texts leave: the pace does not feel it, and nothing is lost or sent twice.</summary>
[Trait("needs", "peer")]
public sealed class ClockJumpTests
{
    private const int Rate = 200;
    private const int Count = 10 * Rate;
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_date_is_set_an_hour_either_way()
    {
        using var directory = new TempDirectory();
        var clock = new FakeClock(directory);
        await using var sim = await SimProcess.StartAsync("--rate", "200", "--bucket", "100ms", "--delay", "5ms", "--receipt-delay", "100ms", "--key-by-token");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("Rate", Rate), ("Bucket", "100ms"))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config, environment: clock.Environment);
        using var api = server.Connect();
        (await api.BatchAsync(Texts.Lines(1, Count))).Expect(202);
        await sim.ReportAsync("it sends", _patience, r => r.Distinct > Count / 10);

        clock.Set(_hour);
        var ahead = (await api.PostAsync("/v1/messages", Texts.Line(Count + 1, more: "\"priority\":\"urgent\""))).Expect(202);
        await api.ReachesAsync(ahead.Id!, _patience, "sent", "delivered");
        var sentAhead = (await api.MessageAsync(ahead.Id!)).GetProperty("sent_at").GetDateTimeOffset();
        Assert.InRange(sentAhead - DateTimeOffset.UtcNow, _hour - _patience, _hour + _patience);
        await sim.ReportAsync("it goes on an hour ahead", _patience, r => r.Distinct > Count / 4);

        clock.Set(-_hour);
        var behind = (await api.PostAsync("/v1/messages", Texts.Line(Count + 2, more: "\"priority\":\"urgent\""))).Expect(202);
        await api.ReachesAsync(behind.Id!, _patience, "sent", "delivered");
        await sim.ReportAsync("it goes on an hour behind", _patience, r => r.Distinct > Count / 2);

        // Its own journal speaks of times that are two hours ahead now.
        server.Kill9();
        await server.RestartAsync();
        var report = await sim.ReportAsync("all have arrived", _patience, r => r.Distinct == Count + 2);
        await api.EmptyAsync(_patience);
        await api.ReachesAsync(ahead.Id!, _patience, "sent", "delivered");

        // Twice are at most those in flight at the kill; a jump that fills or empties the bucket would be refused by the hundred.
        Assert.InRange(report.Duplicates, 0, 2 * Rate);
        Assert.InRange(report.Throttled, 0, Count / 50);
    }
}
