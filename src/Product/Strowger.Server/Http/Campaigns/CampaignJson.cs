using System.Globalization;
using System.Text.Json;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Campaigns;
using Strowger.Records.Messages;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Campaigns;

/// <summary>Campaigns as the API writes them.</summary>
internal static class CampaignJson
{
    public static void Write(Utf8JsonWriter writer, CampaignView view)
    {
        writer.WriteStartObject();
        WriteMembers(writer, view);
        writer.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter writer, CampaignView view)
    {
        var campaign = view.Campaign;
        writer.WriteString("id"u8, view.Id);
        writer.WriteString("name"u8, campaign.Name);
        writer.WriteString("state"u8, view.State);
        writer.WriteString("from"u8, campaign.From);
        writer.WriteString("text"u8, campaign.Text);
        writer.WriteString("channel"u8, campaign.Channel);
        writer.WriteNumberOrNull("rate"u8, campaign.Rate);
        WriteWindow(writer, campaign.Hours);
        writer.WriteNumber("rows"u8, campaign.Rows);
        writer.WriteNumber("bad_rows"u8, campaign.BadRows);
        writer.WriteNumber("parts"u8, campaign.Parts);
        WriteProgress(writer, view);
        writer.WriteTime("eta"u8, view.Eta);
        writer.WriteTime("opens_at"u8, view.OpensAt);
        writer.WriteTime("created_at"u8, campaign.CreatedAt);
        writer.WriteString("created_by"u8, campaign.CreatedBy);
        writer.WriteTime("ended_at"u8, campaign.EndedAt);
    }

    public static void WritePreview(Utf8JsonWriter writer, CampaignScan scan, (DateTimeOffset? First, DateTimeOffset? Last) eta, CampaignCost cost, string currency)
    {
        writer.WriteStartObject();
        writer.WriteNull("id"u8);
        writer.WriteBoolean("dry_run"u8, true);
        writer.WriteNumber("rows"u8, scan.Rows);
        writer.WriteNumber("good_rows"u8, scan.GoodRows);
        writer.WriteNumber("bad_rows"u8, scan.BadRows);
        writer.WriteNumber("parts"u8, scan.Parts);
        WriteScan(writer, scan);
        WriteRefused(writer, [.. scan.Refused.Take(CampaignLimits.MaxRefusedTold)]);
        writer.WriteTime("first_leaves_at"u8, eta.First);
        writer.WriteTime("eta"u8, eta.Last);
        writer.WriteNumberOrNull("cost"u8, (double?)cost.Amount);
        writer.WriteString("currency"u8, currency.Length == 0 ? null : currency);
        writer.WriteStartArray("unpriced"u8);
        foreach (var channel in cost.Unpriced)
        {
            writer.WriteStringValue(channel);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>What was found in the file.</summary>
    public static void WriteScan(Utf8JsonWriter writer, CampaignScan scan)
    {
        writer.WriteStartArray("columns"u8);
        foreach (var column in scan.Columns)
        {
            writer.WriteStringValue(column);
        }

        writer.WriteEndArray();
        writer.WriteString("delimiter"u8, scan.Delimiter.ToString());
        writer.WriteNumber("most_segments"u8, scan.MostParts);
        writer.WriteStartObject("encodings"u8);
        foreach (var (encoding, texts) in scan.Encodings.OrderByDescending(e => e.Value))
        {
            writer.WriteNumber(MessageReader.EncodingWord(encoding), texts);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("channels"u8);
        foreach (var route in scan.Routes.OrderByDescending(r => r.Rows))
        {
            writer.WriteStartObject();
            writer.WriteString("channel"u8, route.Channel);
            writer.WriteNumber("rows"u8, route.Rows);
            writer.WriteNumber("parts"u8, route.Parts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("examples"u8);
        foreach (var example in scan.Examples)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, example.Line);
            writer.WriteString("to"u8, example.To);
            writer.WriteString("text"u8, example.Text);
            writer.WriteNumber("segments"u8, example.Parts);
            writer.WriteString("encoding"u8, MessageReader.EncodingWord(example.Encoding));
            writer.WriteString("channel"u8, example.Channel);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteRefused(Utf8JsonWriter writer, IReadOnlyList<RefusedRow> refused)
    {
        writer.WriteStartArray("rejected"u8);
        foreach (var row in refused)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, row.Line);
            writer.WriteString("code"u8, row.Code);
            writer.WriteString("detail"u8, row.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProgress(Utf8JsonWriter writer, CampaignView view)
    {
        var good = Math.Max(1, view.Campaign.Rows - view.Campaign.BadRows);
        writer.WriteStartObject("progress"u8);
        writer.WriteNumber("waiting_in_file"u8, view.Left);
        writer.WriteNumber("made_texts"u8, view.Taken);
        writer.WriteNumber("queued_parts"u8, view.Queued.Ready);
        writer.WriteNumber("gone"u8, view.Gone);
        writer.WriteNumber("percent"u8, Math.Round(100.0 * Math.Min(1, view.Gone / (double)good), 1));
        writer.WriteStartObject("by_status"u8);
        foreach (var (status, texts) in view.Counts.OrderBy(count => count.Key))
        {
            writer.WriteNumber(status.ToText(), texts);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteWindow(Utf8JsonWriter writer, CampaignHours? hours)
    {
        if (hours is null)
        {
            writer.WriteNull("window"u8);
            return;
        }

        writer.WriteStartObject("window"u8);
        writer.WriteString("start"u8, Clock(hours.StartMinute));
        writer.WriteString("end"u8, hours.EndMinute == 0 ? "24:00" : Clock(hours.EndMinute));
        writer.WriteString("time_zone"u8, hours.TimeZone);
        writer.WriteEndObject();
    }

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
