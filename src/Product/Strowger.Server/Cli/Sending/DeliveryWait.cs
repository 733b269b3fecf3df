using System.Text.Json;

namespace Strowger.Server.Cli.Sending;

/// <summary>Waits until texts have left.</summary>
internal sealed class DeliveryWait(ApiClient api, TimeProvider time)
{
    private static readonly TimeSpan OnePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CampaignPause = TimeSpan.FromSeconds(1);
    private static readonly string[] Waiting = ["scheduled", "queued", "sending"];

    /// <summary>Waits for one text.</summary>
    /// <returns>Its last answer; the caller disposes it.</returns>
    public async Task<ApiResponse> ForOneAsync(string id, CancellationToken ct)
    {
        while (true)
        {
            var message = await api.GetAsync($"v1/messages/{Uri.EscapeDataString(id)}", ct);
            if (!Waiting.Contains(message.Json.Text("status")))
            {
                return message;
            }

            message.Dispose();
            await Task.Delay(OnePause, time, ct);
        }
    }

    /// <summary>Waits for all texts of a campaign.</summary>
    /// <param name="campaign">Its name.</param>
    /// <param name="accepted">How many there are; lists may lag behind by some 100 ms.</param>
    /// <param name="progress">Told the share that has left, 0 to 1.</param>
    /// <param name="ct">Stops waiting; the texts go on.</param>
    public async Task ForCampaignAsync(string campaign, long accepted, Action<double> progress, CancellationToken ct)
    {
        while (true)
        {
            var listed = await CountAsync(campaign, null, ct);
            long waiting = 0;
            foreach (var status in Waiting)
            {
                waiting += await CountAsync(campaign, status, ct);
            }

            progress(accepted == 0 ? 1 : Math.Clamp((listed - waiting) / (double)accepted, 0, 1));
            if (listed >= accepted && waiting == 0)
            {
                return;
            }

            await Task.Delay(CampaignPause, time, ct);
        }
    }

    private async Task<long> CountAsync(string campaign, string? status, CancellationToken ct)
    {
        using var page = await api.GetAsync(ApiClient.Query("v1/messages", ("campaign", campaign), ("status", status), ("limit", 1), ("count", 1)), ct);
        return page.Json.ValueKind == JsonValueKind.Object ? page.Json.Integer("count") : 0;
    }
}
