using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>One text a call on many connections, each durable before its 202, sent on to a carrier without a limit.</summary>
internal static class SinglePosts
{
    private const int Connections = 256;
    private const double Target = 20_000;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        await using var carrier = await Carrier.StartAsync(run, ct, "--receipt-share", "0", "--key-by-token").ConfigureAwait(false);
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        var warm = run.Options.Scale(100_000);
        await PassAsync(gateway, carrier, 0, warm, ct).ConfigureAwait(false);
        var count = run.Options.Scale(200_000);
        var before = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId);
        var (sent, behind) = await PassAsync(gateway, carrier, warm, count, ct).ConfigureAwait(false);
        var cpu = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId).Minus(before);
        var rate = sent.Answered / sent.Elapsed.TotalSeconds;
        run.AtLeast($"{Words.Count(count)} single POSTs, {Connections} connections, durable before 202, sent on", rate, Target, Words.PerSecond, ("requests_per_second", rate));
        run.Note(
            "… answered after", $"p50 {Words.Milliseconds(sent.Latency.At(0.5))}, p99 {Words.Milliseconds(sent.Latency.At(0.99))}",
            ("p50_ms", sent.Latency.At(0.5)), ("p99_ms", sent.Latency.At(0.99)));
        run.Note("… the last was with the carrier after the last 202 by", Words.Milliseconds(behind), ("sent_on_after_ms", behind));
        run.Note(
            "… CPU-seconds per 1000 of gateway, carrier, client",
            $"{BatchToCarrier.Seconds(cpu.Gateway / count * 1000)}, {BatchToCarrier.Seconds(cpu.Carrier / count * 1000)}, {BatchToCarrier.Seconds(cpu.Client / count * 1000)}",
            ("cpu_gateway_s_per_1000", cpu.Gateway / count * 1000));
    }

    private static async Task<(HttpLoadResult Sent, double BehindMs)> PassAsync(Gateway gateway, Carrier carrier, long first, int count, CancellationToken ct)
    {
        await carrier.ResetAsync(ct).ConfigureAwait(false);
        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = Connections, First = first, Count = count,
        });
        var sent = await load.RunAsync(ct).ConfigureAwait(false);
        var end = DateTimeOffset.UtcNow;
        if (sent.Refused > 0)
        {
            throw new IOException($"{sent.Refused} of {count} were refused; the first: {sent.FirstRefusal}");
        }

        var counts = await carrier.UntilAcceptedAsync(count, _limit, ct).ConfigureAwait(false);
        return (sent, Math.Max(0, (counts.LastSubmit - end).TotalMilliseconds));
    }
}
