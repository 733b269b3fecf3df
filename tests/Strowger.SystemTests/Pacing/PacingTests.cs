using System.Globalization;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Pacing;

/// <summary>A carrier with a strict bucket of 100 ms: it is used up and not overrun. Loose here, on a machine that does other things too; the benchmark measures exactly.</summary>
public sealed class PacingTests(ITestOutputHelper output)
{
    private const int Seconds = 10;
    private const int Attempts = 3;

    [Theory]
    [InlineData(200)]
    [InlineData(5000)]
    public async Task The_carriers_rate_is_used_and_not_exceeded(int rate)
    {
        // When other work takes the processors for 100 ms, what the carrier had not read yet comes to it as one burst: not our pace.
        for (var attempt = 1; ; attempt++)
        {
            var report = await MeasureAsync(rate);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{rate}/s: {report.RateUsed:P2} used, {report.Throttled} of {report.Submits} throttled, longest gap {report.MaxGapMs:0} ms"));
            if (report.RateUsed >= 0.97 && report.Throttled <= report.Submits / 1000)
            {
                return;
            }

            Assert.True(attempt < Attempts, $"{report.RateUsed:P2} of the rate used, {report.Throttled} of {report.Submits} throttled, {Attempts} times running.");
        }
    }

    private static async Task<SimReport> MeasureAsync(int rate)
    {
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--rate", rate.ToString(CultureInfo.InvariantCulture), "--bucket", "100ms", "--delay", "5ms", "--receipt-share", "0");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("Window", 100), ("Rate", rate), ("Bucket", "100ms"))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        sim.Process.Prefer();
        server.Process.Prefer();
        using var api = server.Connect();
        (await api.BatchAsync(Texts.Lines(1, rate * (Seconds + 2)))).Expect(202);
        return await sim.ReportAsync("ten seconds of sending", TimeSpan.FromSeconds(3 * Seconds), r => r.Accepted >= rate * Seconds);
    }
}
