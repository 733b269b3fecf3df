using Strowger.Server.Cli;
using Strowger.Server.Cli.Verbs;

namespace Strowger.Server.Demo;

/// <summary>
/// The story: a server, a carrier, one campaign to everybody while one-time codes arrive, trouble on purpose, and at the end the
/// figures, all of them measured.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Both are disposed by RunAsync, which alone sets them.")]
internal sealed class DemoRunner(CliContext context, DemoOptions options)
{
    private const string Campaign = "demo";
    private const double HangUpAt = 0.25;
    private const double KillAt = 0.55;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    /// <summary>What was on the way at the kill is sent again after the grace, and receipts take 2 s: no progress for longer than this is the end.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly DemoScript _say = new(context, options);
    private DemoServer? _server;
    private DemoApi? _api;
    private (long Before, long After)? _kill;
    private double _longestBacklog;
    private readonly RateUse _use = new(options.Rate);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var own = options.DataDirectory is null ? Directory.CreateTempSubdirectory("strowger-demo-") : null;
        var data = options.DataDirectory ?? own!.FullName;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGINT, signal => EndBy(signal, stop));
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => EndBy(signal, stop));
        try
        {
            await using (_server = await DemoServer.StartAsync(data, options.Rate, options.Listen ?? "127.0.0.1:8080", _say.ServerSaid, OnReturn, stop.Token).ConfigureAwait(false))
            {
                using var api = new DemoApi(_server.Address, _server.AdminKey);
                _api = api;
                return await TellAsync(data, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        finally
        {
            own?.Delete(recursive: true);
        }
    }

    private static void EndBy(System.Runtime.InteropServices.PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private async Task<int> TellAsync(string data, CancellationToken cancel)
    {
        _say.Address(await _api!.LoginLinkAsync(cancel).ConfigureAwait(false));
        var csv = options.Csv;
        if (csv is null)
        {
            csv = Path.Combine(data, "subscribers.csv");
            await Subscribers.WriteAsync(csv, options.Subscribers, new Random(1), cancel).ConfigureAwait(false);
        }

        using var codesStop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var codes = new CodeSender(() => _api!, () => _server!.Up, context.Time);
        var codesRun = Task.Run(() => codes.RunAsync(codesStop.Token), CancellationToken.None);

        var started = context.Time.GetTimestamp();
        var accepted = await DemoCampaign.SendAsync(_api!, csv, Campaign, cancel).ConfigureAwait(false);
        var took = context.Time.GetElapsedTime(started);
        _say.Accepted(accepted, took, context.Time.GetLocalNow().AddSeconds(accepted / options.Rate));

        await FollowAsync(accepted, codes, started, cancel).ConfigureAwait(false);
        await codesStop.CancelAsync().ConfigureAwait(false);
        await codesRun.ConfigureAwait(false);
        await codes.FinishAsync().ConfigureAwait(false);
        await SettleAsync(cancel).ConfigureAwait(false);
        var figures = await MeasureAsync(accepted + codes.Accepted, codes, cancel).ConfigureAwait(false);
        _say.Table(figures);
        var isGood = figures is { Lost: 0, LimitExceededSeconds: 0 };
        if (options.Exit)
        {
            return isGood ? ExitCode.Done : ExitCode.Failed;
        }

        _say.NextSteps();
        await TrickleAsync(cancel).ConfigureAwait(false);
        return isGood ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Shows the bars and makes trouble, until everything accepted has left and its receipts are in.</summary>
    private async Task FollowAsync(long accepted, CodeSender codes, long started, CancellationToken cancel)
    {
        var bars = _say.StartBars(accepted);
        var hangUp = !options.Calm;
        var kill = !options.Calm;
        var moved = context.Time.GetTimestamp();
        var before = 0L;
        while (true)
        {
            await Task.Delay(_look, context.Time, cancel).ConfigureAwait(false);
            var report = await _server!.Carrier.ReportAsync(cancel).ConfigureAwait(false);

            // By the carrier's own clock: how long its answer took to come must not change the speed.
            var counted = report.GetProperty("uptime_seconds").GetDouble();
            var sent = report.GetProperty("distinct").GetInt64();
            var waiting = await WaitingAsync(cancel).ConfigureAwait(false);
            _use.Look(report.GetProperty("accepted").GetInt64(), counted, waiting);
            _longestBacklog = Math.Max(_longestBacklog, waiting ?? 0);
            bars.Show(sent, counted, waiting, codes.Accepted, codes.SlowestMs, (waiting ?? 0) / options.Rate * 1000);
            if (hangUp && sent > accepted * HangUpAt)
            {
                hangUp = false;
                bars.Say(DemoStory.HangUp);
                await _server.Carrier.DisconnectAsync(0, cancel).ConfigureAwait(false);
            }
            else if (kill && sent > accepted * KillAt)
            {
                kill = false;
                var live = await WaitingAsync(cancel).ConfigureAwait(false) ?? 0;
                _kill = (live, 0);
                bars.Say(DemoStory.Kill(live));
                _server.KillServer();
            }

            var campaign = sent - codes.Accepted;
            if (campaign > before)
            {
                before = campaign;
                moved = context.Time.GetTimestamp();
            }

            if (campaign >= accepted || context.Time.GetElapsedTime(moved) > _patience)
            {
                return;
            }
        }
    }

    /// <summary>Waits for what is still on its way: parts sent again after the kill, and the last receipts.</summary>
    private async Task SettleAsync(CancellationToken cancel)
    {
        var started = context.Time.GetTimestamp();
        while (context.Time.GetElapsedTime(started) < _patience)
        {
            await Task.Delay(_look, context.Time, cancel).ConfigureAwait(false);
            var report = await _server!.Carrier.ReportAsync(cancel).ConfigureAwait(false);
            if (await WaitingAsync(cancel).ConfigureAwait(false) == 0 && report.GetProperty("receipts").GetProperty("waiting").GetInt64() == 0)
            {
                return;
            }
        }
    }

    /// <summary>Parts that wait or are on their way; null while the server is away.</summary>
    private async Task<long?> WaitingAsync(CancellationToken cancel)
    {
        try
        {
            var queues = await _api!.GetAsync("/v1/queues", cancel).ConfigureAwait(false);
            return queues.GetProperty("data").EnumerateArray().Sum(q => q.GetProperty("live").GetInt64());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private void OnReturn()
    {
        var live = WaitingAsync(CancellationToken.None).GetAwaiter().GetResult() ?? 0;
        if (_kill is { After: 0 } kill)
        {
            _kill = kill with { After = live };
        }

        _say.Returned(live);
    }

    private async Task<DemoFigures> MeasureAsync(long accepted, CodeSender codes, CancellationToken cancel)
    {
        var report = await _server!.Carrier.ReportAsync(cancel).ConfigureAwait(false);
        var lists = await DemoCounts.ReadAsync(_api!, Campaign, accepted, cancel).ConfigureAwait(false);
        return new DemoFigures
        {
            Accepted = accepted,
            Sent = report.GetProperty("distinct").GetInt64(),
            Delivered = lists.Delivered,
            Failed = lists.Failed,
            Unknown = lists.Unknown,
            Lost = Math.Max(0, accepted - lists.Known),
            Duplicated = report.GetProperty("duplicates").GetInt64(),
            LimitExceededSeconds = report.GetProperty("over_limit_seconds").GetDouble(),
            RateUsed = _use.Share,
            MsgPerS = _use.PerSecond,
            CodesMs = Percentiles.Of(codes.Delays, withMax: true),
            CampaignMs = Percentiles.Of(lists.CampaignDelays, withMax: false),
            PlainQueueMs = _longestBacklog / options.Rate * 1000,
            Kill = _kill,
        };
    }

    /// <summary>A code now and then keeps the console alive.</summary>
    private async Task TrickleAsync(CancellationToken cancel)
    {
        var codes = new CodeSender(() => _api!, () => _server!.Up, context.Time) { Every = TimeSpan.FromSeconds(1), FirstNumber = 500_000 };
        await codes.RunAsync(cancel).ConfigureAwait(false);
    }
}
