using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>While 5,000 texts a second go through: how long after the carrier's answer a text is shown as sent, by its id and in a list.</summary>
internal static class StatusLag
{
    private const double PerSecond = 5_000;
    private const long SampleFirst = 900_000_000;
    private const double TargetByIdMs = 100;
    private const double TargetListMs = 500;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        await using var carrier = new ArrivalCarrier(0, TimeSpan.Zero, new TokenTimes(4_000_000));
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        await Backlog.UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = 64, Rate = PerSecond, OnSend = carrier.Times.Ask,
        });
        var background = load.RunAsync(stop.Token);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(3), ct).ConfigureAwait(false);
            var start = (Time: Stopwatch.GetTimestamp(), carrier.Times.Arrivals);
            var byId = await SampleAsync(gateway, carrier, SampleFirst, run.Options.Scale(500), ShownByIdAsync, ct).ConfigureAwait(false);
            var lists = await SampleAsync(gateway, carrier, SampleFirst + 10_000, run.Options.Scale(100), ShownInListAsync, ct).ConfigureAwait(false);
            var rate = (carrier.Times.Arrivals - start.Arrivals) / Stopwatch.GetElapsedTime(start.Time).TotalSeconds;
            run.AtMost(
                $"status by id after the carrier's answer, at {Words.PerSecond(rate)}, p99 of {byId.Count}", byId.At(0.99), TargetByIdMs, Words.Milliseconds,
                ("by_id_p50_ms", byId.At(0.5)), ("by_id_p99_ms", byId.At(0.99)), ("background_per_second", rate));
            run.AtMost($"… in a list, p99 of {lists.Count}", lists.At(0.99), TargetListMs, Words.Milliseconds, ("list_p50_ms", lists.At(0.5)), ("list_p99_ms", lists.At(0.99)));
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

    private static async Task<Quantiles> SampleAsync(
        Gateway gateway, ArrivalCarrier carrier, long first, int count, Func<Gateway, string, long, CancellationToken, Task<bool>> isShownAsync, CancellationToken ct)
    {
        var lags = new double[count];
        for (var i = 0; i < count; i++)
        {
            var token = first + i;
            carrier.Times.Ask(token);
            var answer = await gateway.PostAsync("/v1/messages", Texts.Json(token, reference: Reference(token)), ct).ConfigureAwait(false);
            var id = answer.GetProperty("id").GetString()!;
            var start = Stopwatch.GetTimestamp();
            var answeredAt = 0L;
            var shown = false;
            while (!shown)
            {
                if (Stopwatch.GetElapsedTime(start) > _limit)
                {
                    throw new IOException($"{id} is not shown as sent after {_limit.TotalSeconds} s.");
                }

                if (answeredAt == 0 && (answeredAt = carrier.Times.AnsweredAt(token)) == 0)
                {
                    await Task.Delay(1, ct).ConfigureAwait(false);
                    continue;
                }

                shown = await isShownAsync(gateway, id, token, ct).ConfigureAwait(false);
            }

            // Until the answer that shows it was read here: its own time on the wire is part of the wait.
            lags[i] = Stopwatch.GetElapsedTime(answeredAt).TotalMilliseconds;
        }

        return new Quantiles(lags);
    }

    private static async Task<bool> ShownByIdAsync(Gateway gateway, string id, long token, CancellationToken ct) =>
        IsSent(await gateway.GetAsync("/v1/messages/" + id, ct).ConfigureAwait(false));

    private static async Task<bool> ShownInListAsync(Gateway gateway, string id, long token, CancellationToken ct)
    {
        var page = await gateway.GetAsync("/v1/messages?reference=" + Reference(token), ct).ConfigureAwait(false);
        return page.GetProperty("data").EnumerateArray().Any(IsSent);
    }

    private static bool IsSent(JsonElement message) => message.GetProperty("status").GetString() == "sent";

    private static string Reference(long token) => "bench-" + token.ToString(CultureInfo.InvariantCulture);
}
