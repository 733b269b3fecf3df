using System.Globalization;
using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// How much of a carrier's contract is used while there is backlog, with a strict bucket of 100 ms, and how much of what we send it
/// refuses. All four contracts at once on one server, except that the fast ones take turns.
/// </summary>
internal static class Pacing
{
    private const double TargetUsed = 0.99;
    private const double TargetThrottled = 0.001;
    private const int WarmTexts = 4;

    /// <summary>Numbers beyond those of the backlog.</summary>
    private const long WarmFirst = 50_000_000;
    private static readonly int[] _rates = [1, 200, 5_000, 20_000];

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var carriers = new List<Carrier>();
        try
        {
            foreach (var rate in _rates)
            {
                carriers.Add(await Carrier.StartAsync(run, ct, "--rate", Text(rate), "--bucket", "100ms", "--receipt-share", "0", "--key-by-token").ConfigureAwait(false));
            }

            await OursAsync(run, carriers, ct).ConfigureAwait(false);
            await KannelAsync(run, carriers[1], ct).ConfigureAwait(false);
        }
        finally
        {
            foreach (var carrier in carriers)
            {
                await carrier.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task OursAsync(LoadRun run, List<Carrier> carriers, CancellationToken ct)
    {
        await using var gateway = await Gateway.StartAsync(
            run, ct, [.. _rates.Select((rate, i) => Gateway.Channel(carriers[i].Port, rate: rate, name: "carrier-" + Text(rate)))]).ConfigureAwait(false);
        var slow = PaceAsync(gateway, carriers[0], _rates[0], run.Options.Quick ? 15 : 60, ct);
        var paced = new List<Paced>();
        for (var i = 1; i < _rates.Length; i++)
        {
            paced.Add(await PaceAsync(gateway, carriers[i], _rates[i], run.Options.Quick ? 5 : 20, ct).ConfigureAwait(false));
        }

        paced.Insert(0, await slow.ConfigureAwait(false));
        foreach (var (rate, result) in _rates.Zip(paced))
        {
            run.AtLeast($"contract of {Words.Count(rate)} parts/s used while there is backlog", result.Used, TargetUsed, Words.Percent, ("rate", rate), ("used", result.Used));
            run.AtMost("… throttled by its strict 100 ms bucket", result.Throttled, TargetThrottled, Words.Percent, ("throttled", result.Throttled));
        }
    }

    private static async Task<Paced> PaceAsync(Gateway gateway, Carrier carrier, int rate, int seconds, CancellationToken ct)
    {
        await WarmAsync(gateway, carrier, rate, ct).ConfigureAwait(false);
        var texts = (int)(rate * (seconds + 4.0)) + 10;
        await gateway.PostBatchAsync(Texts.Lines(0, texts, "carrier-" + Text(rate)), ct).ConfigureAwait(false);
        var opening = await carrier.UntilAcceptedAsync(1, TimeSpan.FromSeconds(30), ct).ConfigureAwait(false);
        if (rate > 10)
        {
            // A second until it runs steadily: what a full bucket gives at the start is no pace. Refusals then count all the same.
            await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
            opening = await carrier.ReportAsync(ct).ConfigureAwait(false);
            await carrier.ResetAsync(ct).ConfigureAwait(false);
        }

        await Task.Delay(TimeSpan.FromSeconds(seconds), ct).ConfigureAwait(false);
        var counts = await carrier.ReportAsync(ct).ConfigureAwait(false);
        if (counts.Accepted + opening.Accepted >= texts)
        {
            throw new IOException($"The backlog at {rate} parts/s was gone before the time was over.");
        }

        // By the wall between the first and the last: a gateway that pauses has not used what it could have sent meanwhile.
        var used = (counts.Accepted - 1) / (rate * (counts.LastSubmit - counts.FirstSubmit).TotalSeconds);
        return new Paced(used, (double)(counts.Throttled + opening.Throttled) / (counts.Submits + opening.Submits));
    }

    /// <summary>The first parts of all pay for compilation on both sides, which at one part a second is time enough to come too early.</summary>
    private static async Task WarmAsync(Gateway gateway, Carrier carrier, int rate, CancellationToken ct)
    {
        await gateway.PostBatchAsync(Texts.Lines(WarmFirst, WarmTexts, "carrier-" + Text(rate)), ct).ConfigureAwait(false);
        await carrier.UntilAcceptedAsync(WarmTexts, TimeSpan.FromSeconds(30), ct).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
        await carrier.ResetAsync(ct).ConfigureAwait(false);
    }

    private static async Task KannelAsync(LoadRun run, Carrier carrier, CancellationToken ct)
    {
        if (!Kannel.IsInstalled)
        {
            run.Note("Kannel beside", "not installed (apt-get install kannel)");
            return;
        }

        await KannelAsync(run, carrier, "untuned", null, ct).ConfigureAwait(false);
        await KannelAsync(run, carrier, "tuned (throughput = 50 for each of 4 binds)", 50, ct).ConfigureAwait(false);
    }

    private static async Task KannelAsync(LoadRun run, Carrier carrier, string how, int? throughput, CancellationToken ct)
    {
        var rate = _rates[1];
        var seconds = run.Options.Quick ? 5 : 20;
        await using var kannel = await Kannel.StartAsync(run, carrier.Port, window: 10, throughput, ct).ConfigureAwait(false);
        await KannelBeside.UntilBoundAsync(carrier, 4, ct).ConfigureAwait(false);
        await carrier.ResetAsync(ct).ConfigureAwait(false);
        using var load = new HttpLoad(new HttpLoadOptions { Server = kannel.Http, Template = RequestTemplate.Kannel(), Connections = 16, Count = rate * (seconds + 2) });
        await load.RunAsync(ct).ConfigureAwait(false);
        var first = (await carrier.ReportAsync(ct).ConfigureAwait(false)).FirstSubmit;
        var left = first.AddSeconds(seconds) - DateTimeOffset.UtcNow;
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, ct).ConfigureAwait(false);
        var counts = await carrier.ReportAsync(ct).ConfigureAwait(false);
        var used = counts.Accepted / (rate * (DateTimeOffset.UtcNow - first).TotalSeconds);
        run.Note(
            $"Kannel beside at {rate} parts/s, {how}", $"{Words.Percent(used)} used, {Words.Percent(counts.ThrottledShare)} throttled",
            ("kannel_used", used), ("kannel_throttled", counts.ThrottledShare));
    }

    private static string Text(int rate) => rate.ToString(CultureInfo.InvariantCulture);

    private sealed record Paced(double Used, double Throttled);
}
