using System.Globalization;
using System.Text.Json;

namespace Strowger.Features.Planning;

/// <summary>Lateness in words and as programs read it. Times in seconds; null where nothing is known.</summary>
public static class LatenessJson
{
    public static void Write(Utf8JsonWriter writer, LatenessReport report)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        writer.WriteStartObject();
        writer.WriteString("says"u8, Says(report));
        writer.WriteString("from"u8, Time(report.From));
        writer.WriteString("to"u8, Time(report.To));
        writer.WriteNumber("seen"u8, report.Seen);
        writer.WriteNumber("sampled"u8, report.Sampled);
        writer.WriteBoolean("shortened"u8, report.IsShortened);
        WriteLegs(writer, "all", report.All);
        writer.WriteStartArray("channels"u8);
        foreach (var channel in report.Channels)
        {
            writer.WriteStartObject();
            writer.WriteString("channel"u8, channel.Channel);
            WriteLegs(writer, "legs", channel.Legs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>How late, and where it arises.</summary>
    public static string Says(LatenessReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var span = PlanWords.Duration((report.To - report.From).TotalSeconds);
        var total = report.All.Where(leg => leg.Count > 0).Sum(leg => leg.Mean);
        if (report.All.All(leg => leg.Count == 0))
        {
            return $"Nothing was answered in the last {span}.";
        }

        var most = report.All.Where(leg => leg.Count > 0).MaxBy(leg => leg.Mean)!;
        var where = most.Leg switch
        {
            Leg.BeforeUs => "before us: between the moment the sender names and our acceptance",
            Leg.Waiting => "waiting here for its turn and for the channel's pace",
            Leg.Carrier => "the carrier's: it takes so long to answer",
            _ => "between the carrier and the handset",
        };
        return total < 0.001
            ? $"In the last {span} nothing was late."
            : string.Create(CultureInfo.InvariantCulture, $"In the last {span} a text took {PlanWords.Duration(total)} in the mean, and {most.Mean / total:0 %} of that is {where} (half over {PlanWords.Duration(most.P50)}, one in a hundred over {PlanWords.Duration(most.P99)}).");
    }

    private static void WriteLegs(Utf8JsonWriter writer, string name, IReadOnlyList<LegTimes> legs)
    {
        writer.WriteStartArray(name);
        foreach (var leg in legs)
        {
            writer.WriteStartObject();
            writer.WriteString("leg"u8, NameOf(leg.Leg));
            writer.WriteNumber("count"u8, leg.Count);
            PlanJson.Number(writer, "p50_s", leg.Count > 0 ? leg.P50 : null);
            PlanJson.Number(writer, "p99_s", leg.Count > 0 ? leg.P99 : null);
            PlanJson.Number(writer, "mean_s", leg.Count > 0 ? leg.Mean : null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string NameOf(Leg leg) => leg switch
    {
        Leg.BeforeUs => "before_us",
        Leg.Waiting => "waiting",
        Leg.Carrier => "carrier",
        _ => "handset",
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
