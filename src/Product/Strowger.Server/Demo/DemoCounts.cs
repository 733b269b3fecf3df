using System.Text.Json;

namespace Strowger.Server.Demo;

/// <summary>What the lists say at the end: every accepted text by its status, and the campaign's delays.</summary>
internal sealed record DemoCounts(long Delivered, long Failed, long Unknown, long Known, List<double> CampaignDelays)
{
    private const int PageSize = 1000;

    /// <summary>More than this and the percentiles are of the newest so many: they say so no less.</summary>
    private const int MaxRows = 500_000;

    private static readonly TimeSpan _listLimit = TimeSpan.FromSeconds(30);

    /// <summary>Reads the lists page by page, waiting first until they have caught up.</summary>
    public static async Task<DemoCounts> ReadAsync(DemoApi api, string campaign, long accepted, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_listLimit);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var delays = new List<double>();
        string? cursor = null;
        var rows = 0;
        do
        {
            var page = await api.GetAsync($"/v1/messages?limit={PageSize}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", limit.Token).ConfigureAwait(false);
            foreach (var message in page.GetProperty("data").EnumerateArray())
            {
                rows++;
                var status = message.GetProperty("status").GetString()!;
                counts[status] = counts.GetValueOrDefault(status) + 1;
                AddDelay(message, campaign, delays);
            }

            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null && rows < Math.Max(accepted, MaxRows));

        return new DemoCounts(
            counts.GetValueOrDefault("delivered"),
            counts.GetValueOrDefault("failed") + counts.GetValueOrDefault("undelivered"),
            counts.GetValueOrDefault("unknown"),
            rows,
            delays);
    }

    private static void AddDelay(JsonElement message, string campaign, List<double> delays)
    {
        if (message.GetProperty("campaign").GetString() == campaign
            && message.GetProperty("sent_at").ValueKind == JsonValueKind.String)
        {
            delays.Add((message.GetProperty("sent_at").GetDateTimeOffset() - message.GetProperty("accepted_at").GetDateTimeOffset()).TotalMilliseconds);
        }
    }
}
