using System.Text.Json;

namespace Strowger.Features.Planning;

/// <summary>A plan as programs read it. Seconds; null = there is no such thing, or it grows without end.</summary>
public static class PlanJson
{
    public static void Write(Utf8JsonWriter writer, PlanReport report)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        var input = report.Input;
        writer.WriteStartObject();
        writer.WriteStartArray("says"u8);
        foreach (var sentence in PlanWords.Of(report))
        {
            writer.WriteStringValue(sentence);
        }

        writer.WriteEndArray();
        WriteInput(writer, input);
        writer.WriteStartArray("figures"u8);
        Figure(writer, report, "last_handed_over", report.Closed.LastSeconds, report.Simulated.LastSeconds, ofCodes: false);
        Figure(writer, report, "campaign_wait_p50", report.Closed.CampaignP50, report.Simulated.CampaignP50, ofCodes: false);
        Figure(writer, report, "campaign_wait_p99", report.Closed.CampaignP99, report.Simulated.CampaignP99, ofCodes: false);
        Figure(writer, report, "code_wait_p50", report.Closed.CodesP50, report.Simulated.CodesP50, ofCodes: true);
        Figure(writer, report, "code_wait_p99", report.Closed.CodesP99, report.Simulated.CodesP99, ofCodes: true);
        writer.WriteEndArray();
        writer.WriteStartArray("channels"u8);
        for (var i = 0; i < input.Channels.Count; i++)
        {
            WriteChannel(writer, input.Channels[i], report.Closed.Utilisation[i], report.Simulated.Utilisation[i]);
        }

        writer.WriteEndArray();
        Number(writer, "capacity", report.Capacity);
        writer.WriteNumber("parts"u8, input.Parts);
        if (report.Cost is { } cost)
        {
            writer.WriteNumber("cost"u8, cost);
        }
        else
        {
            writer.WriteNull("cost"u8);
        }

        writer.WriteString("currency"u8, input.Currency.Length == 0 ? null : input.Currency);

        WriteEnough(writer, report);
        writer.WriteStartObject("simulation"u8);
        writer.WriteNumber("seed"u8, report.Run.Seed);
        writer.WriteNumber("parts"u8, report.Run.Parts);
        writer.WriteNumber("codes"u8, report.Run.Codes);
        Number(writer, "scale", report.Run.Scale);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter writer, PlanInput input)
    {
        writer.WriteStartObject("input"u8);
        writer.WriteNumber("subscribers"u8, input.Subscribers);
        writer.WriteNumber("texts_each"u8, input.TextsEach);
        writer.WriteNumber("parts_each"u8, input.PartsEach);
        Number(writer, "per_hour", input.PerHour);
        writer.WriteNumber("codes_per_second"u8, input.CodesPerSecond);
        writer.WriteNumber("backlog"u8, input.Backlog);
        writer.WriteNumber("limit_s"u8, input.Limit.TotalSeconds);
        writer.WriteEndObject();
    }

    private static void Figure(Utf8JsonWriter writer, PlanReport report, string name, double? closed, double? simulated, bool ofCodes)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        Number(writer, "closed_s", closed);
        Number(writer, "simulated_s", simulated);
        writer.WriteString("why"u8, PlanWords.Why(report, closed, simulated, ofCodes));
        writer.WriteEndObject();
    }

    private static void WriteChannel(Utf8JsonWriter writer, PlanChannel channel, double closed, double simulated)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, channel.Name);
        Number(writer, "rate", channel.Rate);
        writer.WriteNumber("binds"u8, channel.Binds);
        writer.WriteNumber("window"u8, channel.Window);
        Number(writer, "price", (double?)channel.Price);
        Number(writer, "latency_ms", Math.Round(channel.Latency.TotalMilliseconds, 1));
        Number(writer, "capacity", channel.Capacity);
        writer.WriteString("limited_by"u8, channel.IsLimitedByWindow ? "window"u8 : "rate"u8);
        Number(writer, "utilisation_closed", closed);
        Number(writer, "utilisation_simulated", simulated);
        writer.WriteEndObject();
    }

    private static void WriteEnough(Utf8JsonWriter writer, PlanReport report)
    {
        if (report.Enough is not { } enough)
        {
            writer.WriteNull("enough"u8);
            return;
        }

        writer.WriteStartObject("enough"u8);
        Number(writer, "rate", enough.Rate);
        writer.WriteNumber("binds"u8, enough.Binds);
        writer.WriteNumber("window"u8, enough.Window);
        Number(writer, "longest_wait_s", enough.LongestSeconds);
        writer.WriteEndObject();
    }

    internal static void Number(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, Math.Round(number, 6));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
