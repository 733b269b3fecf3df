using System.Diagnostics;
using System.Text.Json.Nodes;
using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// A receipt for each text and a signed post for each receipt: what it costs the gateway, beside Kannel in the same run, and whether
/// texts leave any later for it.
/// </summary>
internal static class WebhookEach
{
    private const double TargetCpu = 0.15;
    private const double TargetP99Ms = 10;
    private const double Rate = 2_000;
    private const double PostsPerSecond = 200;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(20);
    private static readonly JsonObject _allowed = new() { ["Webhooks"] = new JsonObject { ["AllowPrivate"] = true } };

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        await CostAsync(run, "at " + Words.PerSecond(Rate), Rate, ct).ConfigureAwait(false);
        var ours = await CostAsync(run, "as fast as they go", null, ct).ConfigureAwait(false);
        await KannelAsync(run, ours, ct).ConfigureAwait(false);
        await LatencyAsync(run, ct).ConfigureAwait(false);
    }

    /// <returns>CPU-seconds per 1000 of the gateway.</returns>
    private static async Task<double> CostAsync(LoadRun run, string pace, double? rate, CancellationToken ct)
    {
        await using var sink = new PostSink();
        await using var carrier = await CarrierAsync(run, ct).ConfigureAwait(false);
        await using var gateway = await Gateway.StartAsync(run, _allowed, ct, Gateway.Channel(carrier.Port, rate: rate)).ConfigureAwait(false);
        await AddAsync(gateway, sink, "message.delivered", ct).ConfigureAwait(false);
        var warm = run.Options.Quick ? 2_000 : 30_000;
        await PassAsync(gateway, sink, 0, warm, ct).ConfigureAwait(false);
        var count = run.Options.Scale(40_000);
        var before = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId);
        var start = Stopwatch.GetTimestamp();
        await PassAsync(gateway, sink, warm, count, ct).ConfigureAwait(false);
        var reached = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var used = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId).Minus(before);
        var server = used.Gateway / count * 1000;
        run.AtMost(
            $"{Words.Count(count)} texts {pace} ({Words.PerSecond(reached)}), a receipt and a signed post each, CPU-seconds per 1000, gateway", server, TargetCpu, BatchToCarrier.Seconds,
            ("cpu_gateway_s_per_1000", server), ("msg_per_second", reached));
        run.Note("… and carrier, client and receiver", $"{BatchToCarrier.Seconds(used.Carrier / count * 1000)}, {BatchToCarrier.Seconds(used.Client / count * 1000)}");
        return server;
    }

    /// <summary>Kannel with a report of delivery to an address for each, as fast as it goes: nothing of it is durable, nothing signed.</summary>
    private static async Task KannelAsync(LoadRun run, double ours, CancellationToken ct)
    {
        if (!Kannel.IsInstalled)
        {
            run.Note("Kannel beside", "not installed (apt-get install kannel)");
            return;
        }

        await using var sink = new PostSink();
        await using var carrier = await CarrierAsync(run, ct).ConfigureAwait(false);
        await using var kannel = await Kannel.StartAsync(run, carrier.Port, KannelBeside.Window, throughput: null, ct).ConfigureAwait(false);
        await KannelBeside.UntilBoundAsync(carrier, 4, ct).ConfigureAwait(false);
        var count = run.Options.Scale(20_000);
        var before = kannel.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        using var load = new HttpLoad(new HttpLoadOptions { Server = kannel.Http, Template = RequestTemplate.Kannel(sink.Url), Connections = KannelBeside.Connections, Count = count });
        var sent = await load.RunAsync(ct).ConfigureAwait(false);
        await UntilAsync(sink, sent.Answered, ct).ConfigureAwait(false);
        var reached = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var theirs = (kannel.CpuSeconds - before) / count * 1000;
        run.Note(
            $"Kannel beside: {Words.Count(count)} texts as fast as they go ({Words.PerSecond(reached)}), a report to an address each, CPU-seconds per 1000",
            Words.Text($"{theirs:0.000} s; {theirs / ours:0.0} x ours"), ("kannel_cpu_s_per_1000", theirs), ("kannel_msg_per_second", reached), ("cpu_ratio", theirs / ours));
    }

    private static Task<Carrier> CarrierAsync(LoadRun run, CancellationToken ct) =>
        Carrier.StartAsync(run, ct, "--receipt-share", "1", "--receipt-delay", "100ms", "--key-by-token");

    /// <summary>Single posts, each told of when it is sent: from just before the POST until the carrier has it.</summary>
    private static async Task LatencyAsync(LoadRun run, CancellationToken ct)
    {
        var count = run.Options.Scale(4000);
        var warm = 1000;
        await using var sink = new PostSink();
        await using var carrier = new ArrivalCarrier(0, TimeSpan.Zero, new TokenTimes(16_384));
        await using var gateway = await Gateway.StartAsync(run, _allowed, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        await AddAsync(gateway, sink, "message.sent", ct).ConfigureAwait(false);
        await Backlog.UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = 1, Count = warm + count, Rate = PostsPerSecond, OnSend = carrier.Times.Ask,
        });
        var sent = await load.RunAsync(ct).ConfigureAwait(false);
        if (sent.Refused > 0)
        {
            throw new IOException($"{sent.Refused} were refused; the first: {sent.FirstRefusal}");
        }

        await UntilAsync(sink, warm + count, ct).ConfigureAwait(false);
        var times = new Quantiles(Enumerable.Range(warm, count).Select(token => carrier.Times.ArrivedAfter(token) ?? double.PositiveInfinity));
        run.AtMost($"POST to submit_sm on the wire, {Words.Count(count)} singles at {Words.PerSecond(PostsPerSecond)} with a webhook each, p99", times.At(0.99), TargetP99Ms, Words.Milliseconds, ("p50_ms", times.At(0.5)), ("p99_ms", times.At(0.99)), ("max_ms", times.Max));
    }

    private static async Task AddAsync(Gateway gateway, PostSink sink, string type, CancellationToken ct) =>
        await gateway.PostAsync("/v1/webhooks", new JsonObject { ["url"] = sink.Url.ToString(), ["types"] = new JsonArray(type) }.ToJsonString(), ct).ConfigureAwait(false);

    private static async Task PassAsync(Gateway gateway, PostSink sink, int first, int count, CancellationToken ct)
    {
        var accepted = await gateway.PostBatchAsync(Texts.Lines(first, count), ct).ConfigureAwait(false);
        if (accepted != count)
        {
            throw new IOException($"Of {count} texts {accepted} were accepted.");
        }

        await UntilAsync(sink, first + count, ct).ConfigureAwait(false);
    }

    private static async Task UntilAsync(PostSink sink, long posts, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; sink.Count < posts; waited += _poll)
        {
            if (waited > _limit)
            {
                throw new IOException($"Of {posts} posts {sink.Count} came in {_limit.TotalSeconds} s.");
            }

            await Task.Delay(_poll, ct).ConfigureAwait(false);
        }
    }
}
