using System.Globalization;
using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Sending;

/// <summary>A row that was not accepted.</summary>
internal sealed record RejectedRow(long Line, string Code, string Detail);

/// <summary>What became of a file so far.</summary>
internal sealed class SendReport(string campaign)
{
    /// <summary>Rejected rows kept with their reason; more are only counted.</summary>
    public const int MaxRejected = 1000;

    private readonly List<RejectedRow> _rejected = [];

    public string Campaign { get; } = campaign;

    public long Accepted { get; set; }

    public long RejectedCount { get; private set; }

    public IReadOnlyList<RejectedRow> Rejected => _rejected;

    public void Reject(RejectedRow row)
    {
        RejectedCount++;
        if (_rejected.Count < MaxRejected)
        {
            _rejected.Add(row);
        }
    }

    /// <summary>Counts rejections of which the server gave no line.</summary>
    public void RejectMore(long count) => RejectedCount += count;

    public JsonObject ToJson(TimeSpan elapsed) => new()
    {
        ["campaign"] = Campaign,
        ["accepted"] = Accepted,
        ["rejected_count"] = RejectedCount,
        ["rejected"] = new JsonArray([.. _rejected.Select(row => new JsonObject { ["line"] = row.Line, ["code"] = row.Code, ["detail"] = row.Detail })]),
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
    };

    public string InWords(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Accepted:#,0} texts safe on the server's disk{(RejectedCount > 0 ? $", {RejectedCount:#,0} rejected" : "")} in {elapsed.TotalSeconds:0.0} s (campaign {Campaign})");
}
