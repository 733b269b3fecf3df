using System.Diagnostics;
using Strowger.Load.Http;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// The main job at full speed: one batch over HTTP → durable → two SMPP binds → taken by a carrier that has no limit; then until
/// the read models are in step. All processes share the machine and all of their time is counted. Beside it Kannel on the same carrier.
/// </summary>
internal static class BatchToCarrier
{
    private const double TargetBurst = 30_000;
    private const double TargetInStep = 12_000;
    private const double TargetCpu = 0.08;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        await using var carrier = await Carrier.StartAsync(run, ct, "--receipt-share", "0", "--key-by-token").ConfigureAwait(false);
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);

        // What runs for days is measured warm: the first texts pay for compilation.
        var warm = run.Options.Quick ? 10_000 : 50_000;
        await PassAsync(gateway, carrier, Texts.Lines(0, warm), warm, ct).ConfigureAwait(false);
        var count = run.Options.Scale(200_000);
        var ours = await PassAsync(gateway, carrier, Texts.Lines(warm, count), count, ct).ConfigureAwait(false);
        await CheckListsAsync(gateway, warm + count, ct).ConfigureAwait(false);

        run.AtLeast($"{Words.Count(count)} texts, batch → durable → SMPP → carrier's ack, burst", count / ours.Burst, TargetBurst, Words.PerSecond, ("msg_per_second", count / ours.Burst));
        if (ours.InStep is { } inStep)
        {
            run.AtLeast("… with the read models in step", count / inStep, TargetInStep, Words.PerSecond, ("msg_per_second_in_step", count / inStep));
        }
        else
        {
            run.Add(new Row(run.Current, "… with the read models in step", "the server does not tell how far they are", "≥ " + Words.PerSecond(TargetInStep), false));
        }

        var use = ours.Cpu(count);
        run.AtMost(
            "… CPU-seconds per 1000, gateway + carrier + client", use.All, TargetCpu, Seconds,
            ("cpu_all_s_per_1000", use.All), ("cpu_gateway_s_per_1000", use.Gateway), ("cpu_carrier_s_per_1000", use.Carrier), ("cpu_client_s_per_1000", use.Client));
        run.Note("… of it gateway, carrier, client", $"{Seconds(use.Gateway)}, {Seconds(use.Carrier)}, {Seconds(use.Client)}");
        await KannelBeside.RunAsync(run, carrier, count / ours.Burst, use, ct).ConfigureAwait(false);
    }

    internal static string Seconds(double seconds) => Words.Text($"{seconds:0.000} s");

    private static async Task<Passed> PassAsync(Gateway gateway, Carrier carrier, byte[] lines, int count, CancellationToken ct)
    {
        await carrier.ResetAsync(ct).ConfigureAwait(false);
        var before = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId);
        var (start, startedAt) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        var accepted = await gateway.PostBatchAsync(lines, ct).ConfigureAwait(false);
        if (accepted != count)
        {
            throw new IOException($"Of {count} texts {accepted} were accepted.");
        }

        var counts = await carrier.UntilAcceptedAsync(count, _limit, ct).ConfigureAwait(false);
        var inStep = await InStepAsync(gateway, start, ct).ConfigureAwait(false);
        var after = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId);
        return new Passed((counts.LastSubmit - startedAt).TotalSeconds, inStep, after.Minus(before));
    }

    /// <summary>Seconds until the read models had everything, looked at every 20 ms; null when the server does not tell.</summary>
    private static async Task<double?> InStepAsync(Gateway gateway, long start, CancellationToken ct)
    {
        var last = (Time: 0.0, Seen: 0);
        while (Stopwatch.GetElapsedTime(start) < _limit)
        {
            var behind = await gateway.MetricAsync("strowger_projection_behind_bytes", ct).ConfigureAwait(false);
            if (behind is null)
            {
                return null;
            }

            // The last outcomes are written a moment after the carrier's answers: it has to stay in step.
            last = behind > 0 ? (0, 0) : (last.Seen == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : last.Time, last.Seen + 1);
            if (last.Seen > 5)
            {
                return last.Time;
            }

            await Task.Delay(20, ct).ConfigureAwait(false);
        }

        throw new IOException($"The read models are not in step after {_limit.TotalSeconds} s.");
    }

    /// <summary>In step is not enough: the list has to hold every text as sent.</summary>
    private static async Task CheckListsAsync(Gateway gateway, long expected, CancellationToken ct)
    {
        var page = await gateway.GetAsync("/v1/messages?status=sent&limit=1&count=1", ct).ConfigureAwait(false);
        var listed = page.GetProperty("count").GetInt64();
        if (listed < expected && !page.GetProperty("count_capped").GetBoolean())
        {
            throw new IOException($"Of {expected} texts the list shows {listed} as sent.");
        }
    }

    /// <param name="Burst">Seconds from the first octet of the batch to the last submit_sm.</param>
    /// <param name="InStep">Seconds until the read models had it all.</param>
    private sealed record Passed(double Burst, double? InStep, CpuTimes Used)
    {
        public CpuUse Cpu(int count) => new(Used.Gateway / count * 1000, Used.Carrier / count * 1000, Used.Client / count * 1000);
    }
}

/// <summary>CPU-seconds per 1000 texts.</summary>
internal sealed record CpuUse(double Gateway, double Carrier, double Client)
{
    public double All => Gateway + Carrier + Client;
}

/// <summary>CPU-seconds of the three sides.</summary>
internal sealed record CpuTimes(double Gateway, double Carrier, double Client)
{
    public static CpuTimes Now(int gateway, int carrier) =>
        new(ProcessUse.CpuSeconds(gateway), ProcessUse.CpuSeconds(carrier), ProcessUse.CpuSeconds(Environment.ProcessId));

    public CpuTimes Minus(CpuTimes other) => new(Gateway - other.Gateway, Carrier - other.Carrier, Client - other.Client);
}
