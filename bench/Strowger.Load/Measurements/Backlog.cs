using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// A carrier that is away: how fast texts are taken in, what a million of them cost in memory, how soon the server is back after
/// kill -9; then the carrier comes, and urgent texts overtake the million.
/// </summary>
internal static class Backlog
{
    private const int BatchTexts = 200_000;
    private const double TargetIntake = 100_000;
    private const double TargetStartSeconds = 3;
    private const double TargetUrgentMs = 50;
    private const double UrgentPerSecond = 50;
    private const long UrgentFirst = 900_000_000;
    private static readonly TimeSpan _carrierDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _bindLimit = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var port = FreePort();
        var count = run.Options.Scale(1_000_000);
        await using (var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(port)).ConfigureAwait(false))
        {
            var rate = await TakeInAsync(gateway, count, ct).ConfigureAwait(false);
            run.AtLeast($"batch intake alone, durable, {Words.Count(count)} texts", rate, TargetIntake, Words.PerSecond, ("msg_per_second", rate));
            await MemoryAsync(run, gateway, count, 400e6, ct).ConfigureAwait(false);
            await RestartAsync(run, gateway, count, ct).ConfigureAwait(false);
            await OvertakeAsync(run, gateway, port, count, ct).ConfigureAwait(false);
        }

        if (!run.Options.Quick)
        {
            await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(port)).ConfigureAwait(false);
            await TakeInAsync(gateway, 10_000_000, ct).ConfigureAwait(false);
            await MemoryAsync(run, gateway, 10_000_000, 2e9, ct).ConfigureAwait(false);
        }
    }

    internal static async Task UntilBoundAsync(ArrivalCarrier carrier, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        while (carrier.Binds < 2)
        {
            if (Stopwatch.GetElapsedTime(start) > _bindLimit)
            {
                throw new IOException("The gateway did not bind.");
            }

            await Task.Delay(20, ct).ConfigureAwait(false);
        }
    }

    /// <summary>The same lines again and again: texts need not differ, and the client's share of the machine stays small.</summary>
    private static async Task<double> TakeInAsync(Gateway gateway, int count, CancellationToken ct)
    {
        var lines = Texts.Lines(0, Math.Min(count, BatchTexts));
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < count; sent += BatchTexts)
        {
            var accepted = await gateway.PostBatchAsync(lines, ct).ConfigureAwait(false);
            if (accepted != Math.Min(count, BatchTexts))
            {
                throw new IOException($"Of {BatchTexts} texts {accepted} were accepted.");
            }
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task MemoryAsync(LoadRun run, Gateway gateway, int count, double target, CancellationToken ct)
    {
        await Task.Delay(_settle, ct).ConfigureAwait(false);
        var resident = ProcessUse.ResidentBytes(gateway.ProcessId);
        var peak = ProcessUse.PeakResidentBytes(gateway.ProcessId);
        run.AtMost($"resident memory with {Words.Count(count)} queued", resident, target, Words.Bytes, ("resident_bytes", resident), ("peak_bytes", peak));
        run.Note("… at its peak", Words.Bytes(peak));
    }

    private static async Task RestartAsync(LoadRun run, Gateway gateway, int count, CancellationToken ct)
    {
        await gateway.KillAsync().ConfigureAwait(false);
        var took = await gateway.StartAsync(ct).ConfigureAwait(false);
        run.AtMost(
            $"kill -9, then start to ready with {Words.Count(count)} queued", took.TotalSeconds, TargetStartSeconds, s => Words.Text($"{s:0.00} s"),
            ("start_seconds", took.TotalSeconds), ("resident_after_start_bytes", ProcessUse.ResidentBytes(gateway.ProcessId)));
    }

    private static async Task OvertakeAsync(LoadRun run, Gateway gateway, int port, int backlog, CancellationToken ct)
    {
        var urgent = run.Options.Quick ? 100 : 500;
        await using var carrier = new ArrivalCarrier(port, _carrierDelay, new TokenTimes(4_000_000));
        await UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        while (carrier.Times.Arrivals < 1000)
        {
            await Task.Delay(10, ct).ConfigureAwait(false);
        }

        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key, "urgent"), Connections = 8,
            First = UrgentFirst, Count = urgent, Rate = UrgentPerSecond, OnSend = carrier.Times.Ask,
        });
        var sent = await load.RunAsync(ct).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
        if (sent.Refused > 0 || carrier.Times.Arrivals >= backlog)
        {
            throw new IOException(sent.Refused > 0 ? $"Urgent texts were refused: {sent.FirstRefusal}" : "The bulk texts were gone before the urgent ones.");
        }

        var times = new Quantiles(Enumerable.Range(0, urgent).Select(i => carrier.Times.ArrivedAfter(UrgentFirst + i) ?? double.PositiveInfinity));
        run.AtMost(
            $"an urgent text behind {Words.Count(backlog)} bulk ones, carrier answering in 10 ms: POST to submit_sm, p99 of {urgent}", times.At(0.99), TargetUrgentMs,
            Words.Milliseconds, ("p50_ms", times.At(0.5)), ("p99_ms", times.At(0.99)), ("max_ms", times.Max));
        run.Note("… p50", Words.Milliseconds(times.At(0.5)));
    }

    /// <summary>Free now, and the carrier's later.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
