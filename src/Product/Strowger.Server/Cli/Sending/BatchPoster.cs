using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Strowger.Server.Cli.Sending;

/// <summary>
/// Hands a batch over completely: waits when the server's queue is full and goes on where it stopped, asks again with the same
/// Idempotency-Key when the connection was lost, so that nothing is sent twice.
/// </summary>
internal sealed class BatchPoster(ApiClient api, TimeProvider time, SendReport report, string sendId)
{
    /// <summary>How long a server may be away: it restarts within seconds.</summary>
    private static readonly TimeSpan MaxAway = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private int _requests;

    public async Task PostAsync(CsvBatch batch, CancellationToken ct)
    {
        var next = 0;
        while (next < batch.Count)
        {
            using var answer = await SendAsync(batch, next, $"{sendId}-{_requests++}", ct);
            var isTaken = answer.Json.ValueKind == JsonValueKind.Object && answer.Json.TryGetProperty("accepted", out _);
            if (!isTaken && !IsBusy(answer.Status))
            {
                throw answer.ToException();
            }

            var before = next;
            next = isTaken ? Count(batch, next, answer.Json) : next;
            if (next < batch.Count)
            {
                await Task.Delay(Pause(answer.RetryAfter ?? (next > before ? TimeSpan.Zero : RetryPause)), time, ct);
            }
        }
    }

    private async Task<ApiResponse> SendAsync(CsvBatch batch, int from, string key, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var content = new ReadOnlyMemoryContent(batch.From(from));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
                var answer = await api.SendAsync(HttpMethod.Post, "v1/messages/batch", content, key, ct);
                if (answer.Status != HttpStatusCode.Conflict || time.GetElapsedTime(start) > MaxAway)
                {
                    return answer;
                }

                // The first try is still in progress at the server.
                answer.Dispose();
            }
            catch (ApiException) when (time.GetElapsedTime(start) < MaxAway)
            {
                // Not reached: it is asked again with the same key.
            }

            await Task.Delay(RetryPause, time, ct);
        }
    }

    /// <returns>The first text the server has not dealt with.</returns>
    private int Count(CsvBatch batch, int from, JsonElement answer)
    {
        report.Accepted += answer.Integer("accepted");
        var named = 0;
        foreach (var row in answer.List("rejected"))
        {
            var index = from + (int)row.Integer("line") - 1;
            if (index >= from && index < batch.Count)
            {
                named++;
                report.Reject(new RejectedRow(batch.FileLine(index), row.Text("code") ?? "rejected", row.Text("detail") ?? ""));
            }
        }

        report.RejectMore(Math.Max(0, answer.Integer("rejected_count") - named));
        var nextLine = answer.Integer("next_line", long.MaxValue);
        return (int)Math.Min(batch.Count, from + Math.Max(nextLine, 1) - 1);
    }

    private static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private static TimeSpan Pause(TimeSpan asked) => asked > MaxPause ? MaxPause : asked;
}
