using System.Text.Json;

namespace Strowger.SystemTests.Harness;

/// <summary>What the simulated carrier has counted.</summary>
internal sealed class SimReport(JsonElement json)
{
    public long Accepted => Number("accepted");

    public long Submits => Number("submits");

    public long Throttled => Number("throttled");

    public long Distinct => Number("distinct");

    public long Duplicates => Number("duplicates");

    public long BindsNow => Number("binds_now");

    public long BindsTotal => Number("binds_total");

    public long BindsRefused => Number("binds_refused");

    public long Swallowed => Number("swallowed");

    public long OverLimitSeconds => Number("over_limit_seconds");

    public bool IsComplete => json.GetProperty("counting_complete").GetBoolean();

    public long ReceiptsCreated => json.GetProperty("receipts").GetProperty("created").GetInt64();

    public long ReceiptsDelivered => json.GetProperty("receipts").GetProperty("delivered").GetInt64();

    /// <summary>Share of the rate, 0 to 1, while there were submits.</summary>
    public double? RateUsed => json.GetProperty("pace").GetProperty("rate_used") is { ValueKind: JsonValueKind.Number } used ? used.GetDouble() : null;

    /// <summary>Between two submits.</summary>
    public double MaxGapMs => json.GetProperty("pace").GetProperty("gaps").GetProperty("max_ms").GetDouble();

    public double BusySeconds => json.GetProperty("pace").GetProperty("busy_seconds").GetDouble();

    public JsonElement Json => json;

    public override string ToString() => json.GetRawText();

    private long Number(string name) => json.GetProperty(name).GetInt64();
}
