using System.Diagnostics;
using System.Globalization;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Kills;

public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int Seed = 20_261_120;
    private const int Width = 100;
    private const int BatchTexts = 320;
    private const int SingleTexts = 80;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The promise under everything: what was acknowledged arrives, whenever the server dies. Fifty kills in one sending run.
    /// </summary>
    [Fact]
    public async Task Fifty_kills_in_one_run_lose_nothing_that_was_acknowledged()
    {
        using var directory = new TempDirectory();

        // A receipt tells that a part had arrived and saves sending it again; half of them never come, so that both ways are gone.
        await using var sim = await SimProcess.StartAsync(
            "--key-by-token", "--rate", "2000", "--bucket", "100ms", "--delay", "15ms", "--jitter", "10ms", "--receipt-delay", "300ms", "--receipt-share", "0.5");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("Window", Width / 2), ("Rate", 2000))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        using var feeder = new Feeder(api, Seed);
        var started = Stopwatch.GetTimestamp();
        feeder.Start();
        var killer = new Killer(server, feeder, new Random(Seed), () => feeder.Release(BatchTexts, SingleTexts));
        await killer.KillAsync(Kills);

        await feeder.FinishAsync(_patience);
        Assert.Equal(feeder.Total, feeder.Accepted);
        var report = await sim.ReportAsync("every acknowledged text has arrived", _patience, r => r.Distinct >= feeder.Total);
        var took = Stopwatch.GetElapsedTime(started);
        var inFlight = killer.Unsure.Sum(unsure => Math.Min(unsure, Width));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{feeder.Total} texts in {took.TotalSeconds:0} s, {feeder.Retries} requests sent again, {report.Duplicates} sent twice, in hand at the kills: {string.Join(' ', killer.Unsure)}"));
        output.WriteLine(string.Join(", ", killer.Moments.CountBy(m => m).OrderBy(m => m.Key).Select(m => $"{m.Key} {m.Value}")));

        // Only what we sent can be there, so as many distinct ones as we sent are all of them.
        Assert.Equal(feeder.Total, report.Distinct);
        Assert.True(report.IsComplete);
        Assert.True(report.Duplicates <= inFlight, $"{report.Duplicates} texts arrived twice, {inFlight} were in flight at the kills.");
        Assert.True(killer.Unsure.Count(unsure => unsure > 0) >= Kills / 2, "Too few kills fell into the sending: the test proves less than it says.");

        foreach (var id in feeder.Ids)
        {
            await api.ReachesAsync(id, _patience, "sent", "delivered");
        }

        // What is settled stays settled: nothing is left, and nothing goes out once more.
        var before = await sim.ReportAsync();
        Assert.Equal(0, await server.StopAsync());
        await server.RestartAsync();
        Assert.Equal(0, server.LiveAtStart());
        Assert.Equal(before.Submits, (await sim.ReportAsync()).Submits);
    }
}
