using System.Diagnostics;
using System.Text.Json.Nodes;
using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>5,000 texts a second for as long as asked: memory, open files and disk must not grow, and nobody must wait.</summary>
internal static class Soak
{
    private const double PerSecond = 5_000;
    private const double TargetP999Ms = 50;

    /// <summary>What may come and go by itself: the collector's room, a few sockets and files.</summary>
    private const double MemoryRoom = 64e6;
    private const int FileRoom = 20;

    /// <summary>So little history that its bound is reached in some minutes: from then on the journal may only take the place of what it deletes.</summary>
    private const long HistoryBytes = 256L << 20;
    private const double JournalRoom = 3 * (64 << 20);
    private static readonly TimeSpan _sample = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var length = run.Options.Soak > TimeSpan.Zero ? run.Options.Soak : TimeSpan.FromMinutes(1);
        await using var carrier = new ArrivalCarrier(0, TimeSpan.Zero, new TokenTimes(4_000_000));
        await using var gateway = await Gateway.StartAsync(
            run, new JsonObject { ["Retention"] = new JsonObject { ["HistoryBytes"] = HistoryBytes } }, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        await Backlog.UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        var delays = new LatencyHistogram();
        var isSteady = false;
        carrier.OnArrival = (_, milliseconds) =>
        {
            if (Volatile.Read(ref isSteady))
            {
                delays.Add(milliseconds);
            }
        };
        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = 64, Rate = PerSecond, Duration = length, OnSend = carrier.Times.Ask,
        });
        var start = Stopwatch.GetTimestamp();
        var running = load.RunAsync(ct);
        var samples = new List<Sample>();
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(_sample, ct)).ConfigureAwait(false);
            Volatile.Write(ref isSteady, true);
            samples.Add(Sample.Take(gateway, Stopwatch.GetElapsedTime(start)));
            run.Tell($"         {samples[^1]}, p99.9 {Words.Milliseconds(delays.At(0.999))}");
        }

        var sent = await running.ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
        Report(run, carrier, sent, delays, samples);
        var longestSync = await gateway.MetricAsync("strowger_journal_sync_longest_seconds", ct).ConfigureAwait(false) ?? 0;
        run.Note("… the disk's longest sync meanwhile, which every text of that moment waited for", Words.Milliseconds(longestSync * 1000), ("longest_sync_ms", longestSync * 1000));
    }

    private static void Report(LoadRun run, ArrivalCarrier carrier, HttpLoadResult sent, LatencyHistogram delays, List<Sample> samples)
    {
        var rate = sent.Answered / sent.Elapsed.TotalSeconds;
        run.AtLeast($"soak of {sent.Elapsed.TotalMinutes:0.0} minutes: texts taken in and sent on", rate, PerSecond * 0.99, Words.PerSecond, ("msg_per_second", rate), ("refused", sent.Refused));
        run.AtMost("… accepted and not with the carrier at the end", sent.Answered - carrier.Times.Arrivals, 0, Words.Count, ("missing", sent.Answered - carrier.Times.Arrivals));
        run.AtMost(
            "… POST to submit_sm, p99.9", delays.At(0.999), TargetP999Ms, Words.Milliseconds,
            ("p50_ms", delays.At(0.5)), ("p99_ms", delays.At(0.99)), ("p999_ms", delays.At(0.999)), ("max_ms", delays.MaxMs));

        // The first quarter fills caches and tables of what is kept for receipts; after that nothing may grow.
        var (quarter, last) = (samples[samples.Count / 4], samples[^1]);
        var growth = (double)last.Memory - quarter.Memory;
        run.AtMost("… memory grown after the first quarter", growth, Math.Max(MemoryRoom, quarter.Memory * 0.1), Words.Bytes, ("memory_at_quarter_bytes", quarter.Memory), ("memory_at_end_bytes", last.Memory));
        run.AtMost("… open files grown after the first quarter", last.Files - quarter.Files, FileRoom, Words.Count, ("files_at_quarter", quarter.Files), ("files_at_end", last.Files));
        var perText = (last.Lists - quarter.Lists) / Math.Max(1, (last.Elapsed - quarter.Elapsed).TotalSeconds * rate);
        run.AtMost("… journal on disk beyond its bound at the end", last.Journal - HistoryBytes, JournalRoom, Words.Bytes, ("journal_bytes", last.Journal), ("history_bytes", HistoryBytes));
        run.Note("… lists and receipts a text, until the days kept are over", Words.Bytes(perText), ("disk_bytes_per_text", perText), ("disk_at_end_bytes", last.Journal + last.Lists));
    }

    private sealed record Sample(TimeSpan Elapsed, long Memory, int Files, long Journal, long Lists)
    {
        public static Sample Take(Gateway gateway, TimeSpan elapsed)
        {
            var journal = ProcessUse.DiskBytes(Path.Combine(gateway.DataDirectory, "journal"));
            return new Sample(
                elapsed, ProcessUse.ResidentBytes(gateway.ProcessId), ProcessUse.OpenFiles(gateway.ProcessId), journal, ProcessUse.DiskBytes(gateway.DataDirectory) - journal);
        }

        public override string ToString() => Words.Text(
            $"after {Elapsed.TotalSeconds:0} s: {Words.Bytes(Memory)}, {Files} files open, journal {Words.Bytes(Journal)}, all else {Words.Bytes(Lists)}");
    }
}
