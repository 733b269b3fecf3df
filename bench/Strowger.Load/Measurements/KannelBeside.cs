using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>Kannel on the same carrier in the same run, without a store: nothing of it is durable.</summary>
internal static class KannelBeside
{
    public const int Connections = 16;
    public const int Window = 100;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(LoadRun run, Carrier carrier, double ourRate, CpuUse ours, CancellationToken ct)
    {
        if (!Kannel.IsInstalled)
        {
            run.Note("Kannel beside", "not installed (apt-get install kannel)");
            return;
        }

        await using var kannel = await Kannel.StartAsync(run, carrier.Port, Window, throughput: null, ct).ConfigureAwait(false);
        await UntilBoundAsync(carrier, 4, ct).ConfigureAwait(false);
        var count = run.Options.Scale(30_000);
        await carrier.ResetAsync(ct).ConfigureAwait(false);
        var before = Use(kannel, carrier);
        using var load = new HttpLoad(new HttpLoadOptions { Server = kannel.Http, Template = RequestTemplate.Kannel(), Connections = Connections, Count = count });
        var start = DateTimeOffset.UtcNow;
        var sent = await load.RunAsync(ct).ConfigureAwait(false);
        var counts = await carrier.UntilAcceptedAsync(sent.Answered, _limit, ct).ConfigureAwait(false);
        var used = Use(kannel, carrier).Minus(before);
        var rate = sent.Answered / (counts.LastSubmit - start).TotalSeconds;
        var theirs = new CpuUse(used.Gateway / count * 1000, used.Carrier / count * 1000, used.Client / count * 1000);

        run.Note(
            $"Kannel beside: {Words.Count(count)} texts, HTTP, {Connections} connections, nothing durable", Words.PerSecond(rate),
            ("kannel_msg_per_second", rate), ("kannel_refused", sent.Refused));
        run.Note("… ours is faster by", Words.Text($"{ourRate / rate:0.0} x"), ("speed_ratio", ourRate / rate));
        run.Note(
            "… Kannel's CPU-seconds per 1000, alone; ours is", Words.Text($"{theirs.Gateway:0.000} s; {theirs.Gateway / ours.Gateway:0.0} x less"),
            ("kannel_cpu_s_per_1000", theirs.Gateway), ("kannel_cpu_all_s_per_1000", theirs.All), ("cpu_ratio", theirs.Gateway / ours.Gateway));
    }

    internal static async Task UntilBoundAsync(Carrier carrier, int binds, CancellationToken ct)
    {
        for (var i = 0; i < 200; i++)
        {
            if ((await carrier.ReportAsync(ct).ConfigureAwait(false)).Binds >= binds)
            {
                return;
            }

            await Task.Delay(50, ct).ConfigureAwait(false);
        }

        throw new IOException($"There are no {binds} binds after 10 s.");
    }

    private static CpuTimes Use(Kannel kannel, Carrier carrier) => CpuTimes.Now(0, carrier.ProcessId) with { Gateway = kannel.CpuSeconds };
}
