using System.Diagnostics;
using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>What a hundred open tabs of the console cost the gateway while 5,000 texts a second go through.</summary>
internal static class ConsoleTabs
{
    private const int Tabs = 100;
    private const double PerSecond = 5_000;
    private const double TargetShare = 10;
    private static readonly string[] _topics = ["now", "channels", "work"];
    private static readonly TimeSpan _watch = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        await using var carrier = new ArrivalCarrier(0, TimeSpan.Zero, new TokenTimes(4_000_000));
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        await Backlog.UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        using var browser = await Browser.LogInAsync(gateway, ct).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = 64, Rate = PerSecond, OnSend = carrier.Times.Ask,
        });
        var background = load.RunAsync(stop.Token);
        try
        {
            await ShareAsync(gateway, ct).ConfigureAwait(false);
            var before = await ShareAsync(gateway, ct).ConfigureAwait(false);
            var most = (Topic: "", Share: double.NegativeInfinity, Octets: 0L);
            foreach (var topic in _topics)
            {
                using var close = CancellationTokenSource.CreateLinkedTokenSource(ct);
                var read = new long[Tabs];
                var tabs = Enumerable.Range(0, Tabs).Select(i => ReadAsync(browser, topic, read, i, close.Token)).ToArray();
                var with = await ShareAsync(gateway, ct).ConfigureAwait(false);
                await close.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(tabs).ConfigureAwait(false);
                if (read.Min() == 0)
                {
                    throw new IOException($"A tab of {topic} was told nothing.");
                }

                run.Tell($"         {Tabs} tabs of {topic}: {with:0.0} % of a core, {Words.Bytes(read.Sum())}");
                most = with > most.Share ? (topic, with, read.Sum()) : most;
            }

            var after = await ShareAsync(gateway, ct).ConfigureAwait(false);
            var without = (before + after) / 2;
            run.AtMost(
                $"{Tabs} tabs of the console at {Words.PerSecond(PerSecond)} ({most.Topic} costs most): of a core, over the {without:0.0} % without", most.Share - without, TargetShare, share => Words.Text($"{share:0.0} %"),
                ("with_percent", most.Share), ("before_percent", before), ("after_percent", after), ("octets", most.Octets));
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await background.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }

        if (background.IsFaulted)
        {
            await background.ConfigureAwait(false);
        }
    }

    /// <summary>Of a core, per cent: what the gateway takes over a while.</summary>
    private static async Task<double> ShareAsync(Gateway gateway, CancellationToken ct)
    {
        var (cpu, start) = (Machine.ProcessUse.CpuSeconds(gateway.ProcessId), Stopwatch.GetTimestamp());
        await Task.Delay(_watch, ct).ConfigureAwait(false);
        return (Machine.ProcessUse.CpuSeconds(gateway.ProcessId) - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds * 100;
    }

    private static async Task ReadAsync(HttpClient browser, string topic, long[] read, int tab, CancellationToken close)
    {
        try
        {
            await using var stream = await browser.GetStreamAsync(new Uri("/console/live?topic=" + topic, UriKind.Relative), close).ConfigureAwait(false);
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, close).ConfigureAwait(false) is > 0 and var count)
            {
                read[tab] += count;
            }
        }
        catch (OperationCanceledException) when (close.IsCancellationRequested)
        {
            // The tab was closed.
        }
    }
}
