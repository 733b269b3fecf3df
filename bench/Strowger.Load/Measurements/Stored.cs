using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// With ten million texts stored, of two parts each: how soon the console's pages and searches answer. With some ten gigabytes of them:
/// what a backup of it all does to texts that are sent meanwhile.
/// </summary>
internal static class Stored
{
    private const int Texts = 10_000_000;
    private const int BackedUp = 17_000_000;
    private const int BatchLines = 50_000;
    private const int Rounds = 20;
    private const double TargetPageMs = 50;
    private const double TargetSearchMs = 100;
    private const double TargetRatio = 1.1;
    private const double PerSecond = 500;
    private const string Store = "store";
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _backup = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan _beside = TimeSpan.FromSeconds(60);

    /// <summary>300 characters of GSM 7-bit: two parts.</summary>
    private static readonly string _filler = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 7))[..285];

    private static readonly string[] _pages = ["/", "/messages", "/messages?status=sent", "/campaigns", "/channels", "/work", "/work/jobs", "/problems", "/plan", "/settings"];

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var count = run.Options.Scale(Texts);
        await using var carrier = new ArrivalCarrier(0, TimeSpan.Zero, new TokenTimes(4_000_000));
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port), new JsonObject { ["Name"] = Store, ["Kind"] = "discard", ["Prefixes"] = new JsonArray("1") }).ConfigureAwait(false);
        await FillAsync(run, gateway, 0, count, ct).ConfigureAwait(false);
        await PagesAsync(run, gateway, count, ct).ConfigureAwait(false);
        await FillAsync(run, gateway, count, run.Options.Scale(BackedUp), ct).ConfigureAwait(false);
        await Backlog.UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        await BackupAsync(run, gateway, carrier, ct).ConfigureAwait(false);
    }

    private static async Task FillAsync(LoadRun run, Gateway gateway, int first, int count, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        for (; first < count; first += BatchLines)
        {
            var lines = Math.Min(BatchLines, count - first);
            if (await gateway.PostBatchAsync(Lines(first, lines), ct).ConfigureAwait(false) != lines)
            {
                throw new IOException("Not all texts were accepted.");
            }
        }

        while (await gateway.MetricAsync("strowger_projection_behind_bytes", ct).ConfigureAwait(false) > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
            if (Stopwatch.GetElapsedTime(start) > _limit * 3)
            {
                throw new IOException("The lists do not come into step.");
            }
        }

        run.Tell($"         {Words.Count(count)} texts are stored, the last after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {Words.Bytes(ProcessUse.DiskBytes(gateway.DataDirectory))}");
    }

    private static async Task PagesAsync(LoadRun run, Gateway gateway, int count, CancellationToken ct)
    {
        using var browser = await Browser.LogInAsync(gateway, ct).ConfigureAwait(false);
        var worst = (Page: "", Milliseconds: 0.0);
        foreach (var page in _pages)
        {
            var times = await TimesAsync(browser, _ => page, ct).ConfigureAwait(false);
            run.Tell($"         {page}: p50 {Words.Milliseconds(times.At(0.5))}, max {Words.Milliseconds(times.Max)}");
            worst = times.Max > worst.Milliseconds ? (page, times.Max) : worst;
        }

        run.AtMost($"with {Words.Count(count)} texts stored, a console page's first byte, the slowest of {Rounds} calls of each of {_pages.Length} pages ({worst.Page})", worst.Milliseconds, TargetPageMs, Words.Milliseconds, ("page_max_ms", worst.Milliseconds));
        var spread = count / Rounds;
        var numbers = await TimesAsync(browser, i => "/messages?q=%2B" + Number((i * spread) + 7), ct).ConfigureAwait(false);
        run.AtMost("… search by a whole number, the slowest", numbers.Max, TargetSearchMs, Words.Milliseconds, ("number_p50_ms", numbers.At(0.5)), ("number_max_ms", numbers.Max));
        var digits = await TimesAsync(browser, i => "/messages?q=" + Number((i * spread) + 7)[^6..], ct).ConfigureAwait(false);
        run.AtMost("… search by the last six digits among the newest, the slowest", digits.Max, TargetSearchMs, Words.Milliseconds, ("digits_p50_ms", digits.At(0.5)), ("digits_max_ms", digits.Max));
    }

    private static async Task<Quantiles> TimesAsync(HttpClient browser, Func<int, string> pathOf, CancellationToken ct)
    {
        // The first call of a page compiles it.
        await FirstByteAsync(browser, pathOf(Rounds), ct).ConfigureAwait(false);
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            times[i] = await FirstByteAsync(browser, pathOf(i), ct).ConfigureAwait(false);
        }

        return new Quantiles(times);
    }

    private static async Task<double> FirstByteAsync(HttpClient browser, string path, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await browser.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        await using var body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        var read = await body.ReadAsync(new byte[1], ct).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await body.CopyToAsync(Stream.Null, ct).ConfigureAwait(false);
        var isSeen = response.RequestMessage?.RequestUri?.AbsolutePath != "/login";
        return response.IsSuccessStatusCode && isSeen && read == 1 ? took : throw new IOException($"{path} answers {(int)response.StatusCode} from {response.RequestMessage?.RequestUri}.");
    }

    /// <summary>Before, while and after a backup: two measures without tell how much the machine varies by itself.</summary>
    private static async Task BackupAsync(LoadRun run, Gateway gateway, ArrivalCarrier carrier, CancellationToken ct)
    {
        var first = 0L;
        await P99Async(Task.Delay(_beside / 6, ct)).ConfigureAwait(false);
        var before = await P99Async(Task.Delay(_beside, ct)).ConfigureAwait(false);
        var size = ProcessUse.DiskBytes(gateway.DataDirectory);
        var start = Stopwatch.GetTimestamp();
        await using var backup = ChildProgram.Start(run.Options.Program, [.. run.Options.ProgramArguments, "backup", run.NewDirectory("backup"), "--data", gateway.DataDirectory, "--json"]);
        var ended = backup.WaitAsync(new TaskCompletionSource<bool>().Task, _backup, "the backup was over", ct).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var during = await P99Async(ended).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var after = await P99Async(Task.Delay(_beside, ct)).ConfigureAwait(false);
        if (!backup.LastWords().Contains("\"live\":true", StringComparison.Ordinal))
        {
            throw new IOException("The backup did not end well: " + backup.LastWords());
        }

        var without = (before + after) / 2;
        run.AtMost(
            $"backup of {Words.Bytes(size)} in {took:0} s while {Words.PerSecond(PerSecond)} are sent: POST to submit_sm, p99 by that without", during / without, TargetRatio, ratio => Words.Text($"{ratio:0.00}"),
            ("p99_before_ms", before), ("p99_during_ms", during), ("p99_after_ms", after), ("backup_seconds", took), ("backup_bytes", size));
        run.Note("… p99 before, while, after", $"{Words.Milliseconds(before)}, {Words.Milliseconds(during)}, {Words.Milliseconds(after)}");

        async Task<double> P99Async(Task until)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var delays = new LatencyHistogram();
            carrier.OnArrival = (_, milliseconds) => delays.Add(milliseconds);
            using var load = new HttpLoad(new HttpLoadOptions
            {
                Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = 64, First = first, Rate = PerSecond, OnSend = carrier.Times.Ask,
            });
            first += 1_000_000;
            var running = load.RunAsync(stop.Token);
            await Task.WhenAny(running, until).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            return running.IsFaulted ? throw new IOException("The load failed.", running.Exception) : delays.At(0.99);
        }
    }

    private static byte[] Lines(int first, int count)
    {
        var lines = new StringBuilder(count * 400);
        for (var n = first; n < first + count; n++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{{\"to\":\"{Number(n)}\",\"from\":\"Strowger\",\"text\":\"{n:D9} {_filler}\",\"priority\":\"bulk\"}}\n");
        }

        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    private static string Number(int n) => string.Create(CultureInfo.InvariantCulture, $"1202{n:D7}");
}
