using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// A campaign of two million rows: how fast the file is taken in, what the server has in memory while it sends, and how soon a pause and a
/// cancel are seen by the carrier. The carrier is a process of its own and counts what comes.
/// </summary>
internal static class Campaigns
{
    private const double TargetIntake = 100_000;
    private const double TargetGrowth = 100e6;
    private const double TargetTurnMs = 200;
    private const double Rate = 5_000;
    private const int Turns = 5;
    private static readonly TimeSpan _watch = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var rows = run.Options.Scale(2_000_000);
        await using var carrier = await Carrier.StartAsync(run, ct, "--receipt-share", "0").ConfigureAwait(false);
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port, rate: Rate)).ConfigureAwait(false);
        await UploadAsync(gateway, "warm", 20_000, ct).ConfigureAwait(false);
        await carrier.UntilAcceptedAsync(20_000, _limit, ct).ConfigureAwait(false);

        var (id, took) = await UploadAsync(gateway, "large", rows, ct).ConfigureAwait(false);
        run.AtLeast($"a campaign of {Words.Count(rows)} rows, upload to answer: on disk, every row looked at", rows / took, TargetIntake, Words.PerSecond, ("rows_per_second", rows / took));
        await MemoryAsync(run, gateway, carrier, ct).ConfigureAwait(false);

        var pauses = new List<double>();
        for (var i = 0; i < Turns; i++)
        {
            pauses.Add(await TurnAsync(gateway, carrier, $"/v1/campaigns/{id}/pause", ct).ConfigureAwait(false));
            await gateway.PostAsync($"/v1/campaigns/{id}/resume", "{}", ct).ConfigureAwait(false);
            await MovesAsync(carrier, ct).ConfigureAwait(false);
        }

        run.AtMost($"… from POST pause to its last text at the carrier, the longest of {Turns}", pauses.Max(), TargetTurnMs, Words.Milliseconds, ("pause_ms", pauses.Max()));
        var cancel = await TurnAsync(gateway, carrier, $"/v1/campaigns/{id}/cancel", ct).ConfigureAwait(false);
        run.AtMost("… from POST cancel", cancel, TargetTurnMs, Words.Milliseconds, ("cancel_ms", cancel));
        await SettledAsync(run, gateway, id, ct).ConfigureAwait(false);
    }

    private static async Task<(string Id, double Seconds)> UploadAsync(Gateway gateway, string name, int rows, CancellationToken ct)
    {
        var csv = new StringBuilder("to,name,balance\n", rows * 32);
        for (var n = 0; n < rows; n++)
        {
            csv.Append("467").Append(10_000_000 + n).Append(",Subscriber ").Append(n).Append(',').Append(n % 1000).Append(".50\n");
        }

        using var file = new ByteArrayContent(Encoding.ASCII.GetBytes(csv.ToString()));
        csv.Clear();
        using var fields = new StringContent($$"""{"name":"{{name}}","from":"12345","text":"Hello {name}, your balance is {balance}."}""");
        fields.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var form = new MultipartFormDataContent { { fields, "campaign" }, { file, "file", "rows.csv" } };
        var start = Stopwatch.GetTimestamp();
        var answer = await gateway.PostAsync("/v1/campaigns", form, ct).ConfigureAwait(false);
        return (answer.GetProperty("id").GetString()!, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The server's memory at the end of a minute of sending, less that after its first ten seconds.</summary>
    private static async Task MemoryAsync(LoadRun run, Gateway gateway, Carrier carrier, CancellationToken ct)
    {
        var watch = run.Options.Quick ? _watch / 6 : _watch;
        await MovesAsync(carrier, ct).ConfigureAwait(false);
        await Task.Delay(watch / 6, ct).ConfigureAwait(false);
        var early = ProcessUse.ResidentBytes(gateway.ProcessId);
        await Task.Delay(watch, ct).ConfigureAwait(false);
        var late = ProcessUse.ResidentBytes(gateway.ProcessId);
        run.AtMost($"… resident memory after {Words.Count(watch.TotalSeconds)} s more of sending at {Words.Count(Rate)}/s, grown by", Math.Max(0, late - early), TargetGrowth, Words.Bytes, ("resident_bytes", late), ("grown_bytes", late - early));
        run.Note("… resident memory", Words.Bytes(late), ("peak_bytes", ProcessUse.PeakResidentBytes(gateway.ProcessId)));
    }

    /// <summary>Milliseconds from the request to the last text that the carrier got; 0 when none came after it.</summary>
    private static async Task<double> TurnAsync(Gateway gateway, Carrier carrier, string path, CancellationToken ct)
    {
        var asked = DateTimeOffset.UtcNow;
        await gateway.PostAsync(path, "{}", ct).ConfigureAwait(false);
        var before = await carrier.ReportAsync(ct).ConfigureAwait(false);
        while (true)
        {
            // Half a second is 2,500 texts at this rate: quiet for so long, nothing more is on its way.
            await Task.Delay(500, ct).ConfigureAwait(false);
            var now = await carrier.ReportAsync(ct).ConfigureAwait(false);
            if (now.Accepted == before.Accepted)
            {
                return Math.Max(0, (now.LastSubmit - asked).TotalMilliseconds);
            }

            if (DateTimeOffset.UtcNow - asked > _limit)
            {
                throw new IOException("Texts still leave.");
            }

            before = now;
        }
    }

    private static async Task MovesAsync(Carrier carrier, CancellationToken ct)
    {
        var before = await carrier.ReportAsync(ct).ConfigureAwait(false);
        await carrier.UntilAcceptedAsync(before.Accepted + 1000, _limit, ct).ConfigureAwait(false);
    }

    private static async Task SettledAsync(LoadRun run, Gateway gateway, string id, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        JsonElement campaign;
        do
        {
            campaign = await gateway.GetAsync("/v1/campaigns/" + id, ct).ConfigureAwait(false);
        }
        while (campaign.GetProperty("state").GetString() != "cancelled" && Stopwatch.GetElapsedTime(start) < _limit);
        run.Note("… until what was queued is settled as cancelled", Words.Milliseconds(Stopwatch.GetElapsedTime(start).TotalMilliseconds));
    }
}
