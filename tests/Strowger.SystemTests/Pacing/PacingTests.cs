using System.Globalization;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Pacing;

/// <summary>A carrier with a strict bucket of 100 ms: it is used up and not overrun. Loose here, on a machine that does other things too; the benchmark measures exactly.</summary>
public sealed class PacingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(200)]
    [InlineData(5000)]
    public async Task The_carriers_rate_is_used_and_not_exceeded(int rate)
    {
        const int Seconds = 10;
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--rate", rate.ToString(CultureInfo.InvariantCulture), "--bucket", "100ms", "--delay", "5ms", "--receipt-share", "0");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("Window", 100), ("Rate", rate), ("Bucket", "100ms"))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        var count = rate * (Seconds + 2);
        (await api.BatchAsync(Texts.Lines(1, count))).Expect(202);
        var report = await sim.ReportAsync("ten seconds of sending", TimeSpan.FromSeconds(2 * Seconds), r => r.Accepted >= rate * Seconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate}/s: {report.RateUsed:P2} used, {report.Throttled} of {report.Submits} throttled"));
        Assert.True(report.RateUsed >= 0.97, $"{report.RateUsed:P2} of the rate were used.");
        Assert.True(report.Throttled <= report.Submits / 1000, $"{report.Throttled} of {report.Submits} were throttled.");
    }
}
