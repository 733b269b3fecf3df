using System.Text.Json.Serialization;

namespace Strowger.Server.Demo;

/// <summary>What the demo measured: the table, and the JSON object of <c>--json</c>. Names are fixed.</summary>
internal sealed record DemoFigures
{
    public required long Accepted { get; init; }

    /// <summary>Distinct texts the carrier took.</summary>
    public required long Sent { get; init; }

    public required long Delivered { get; init; }

    public required long Failed { get; init; }

    public required long Unknown { get; init; }

    /// <summary>Accepted and in no final or waiting state at the end.</summary>
    public required long Lost { get; init; }

    /// <summary>Taken by the carrier more than once: in flight at the kill.</summary>
    public required long Duplicated { get; init; }

    public required double LimitExceededSeconds { get; init; }

    /// <summary>Share of the carrier's limit used while there was work, 0 to 1.</summary>
    public required double RateUsed { get; init; }

    public required double MsgPerS { get; init; }

    public required Percentiles CodesMs { get; init; }

    public required Percentiles CampaignMs { get; init; }

    /// <summary>What a code would have waited in one plain queue: the longest backlog divided by the rate.</summary>
    [JsonIgnore]
    public double PlainQueueMs { get; init; }

    /// <summary>Texts waiting when the server was killed, and when it was back.</summary>
    [JsonIgnore]
    public (long Before, long After)? Kill { get; init; }
}

/// <summary>Milliseconds.</summary>
internal sealed record Percentiles(double P50, double P99, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Max = null)
{
    public static Percentiles Of(List<double> values, bool withMax)
    {
        if (values.Count == 0)
        {
            return new Percentiles(0, 0, withMax ? 0 : null);
        }

        values.Sort();
        return new Percentiles(At(values, 0.50), At(values, 0.99), withMax ? values[^1] : null);
    }

    private static double At(List<double> sorted, double share) =>
        sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoFigures))]
internal sealed partial class DemoJson : JsonSerializerContext;
