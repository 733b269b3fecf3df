using System.Text.Json;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Messages;

/// <summary>Messages as the API shows them.</summary>
internal static class MessageJson
{
    public static void Write(Utf8JsonWriter writer, MessageView message)
    {
        writer.WriteStartObject();
        WriteHead(writer, message.Id, message.Status, message.To, message.From);
        if (message.Text is not null)
        {
            writer.WriteString("text"u8, message.Text);
        }
        else
        {
            writer.WriteString("data_hex"u8, message.DataHex);
            writer.WriteString("data_text"u8, message.Reads);
        }

        if (message.SenderPart.Of > 0)
        {
            writer.WriteNumber("part"u8, message.SenderPart.Number);
            writer.WriteNumber("parts"u8, message.SenderPart.Of);
        }

        writer.WriteString("priority"u8, message.Priority);
        writer.WriteString("channel"u8, message.Channel);
        writer.WriteNumber("segments"u8, message.Segments);
        writer.WriteString("encoding"u8, message.Encoding);
        WriteMarks(writer, message.Campaign, message.Reference);
        writer.WriteTime("accepted_at"u8, message.AcceptedAt);
        writer.WriteTime("generated_at"u8, message.GeneratedAt);
        writer.WriteTime("send_at"u8, message.SendAt);
        writer.WriteTime("expires_at"u8, message.ExpiresAt);
        writer.WriteTime("sent_at"u8, message.SentAt);
        writer.WriteTime("final_at"u8, message.FinalAt);
        WriteWait(writer, message.WaitsFor);
        WriteError(writer, message.Error);
        WriteLateness(writer, message.Lateness);
        writer.WriteStartArray("timeline"u8);
        foreach (var item in message.Timeline)
        {
            WriteStep(writer, item);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>As lists show it.</summary>
    public static void Write(Utf8JsonWriter writer, MessageRecord message)
    {
        writer.WriteStartObject();
        WriteHead(writer, new MessageId(new(message.Id)), message.Status, new Msisdn(message.To).ToString(), message.From);
        writer.WriteString("channel"u8, message.Channel);
        writer.WriteNumber("segments"u8, message.Parts);
        WriteMarks(writer, message.Campaign, message.Reference);
        writer.WriteTime("accepted_at"u8, message.AcceptedMs);
        writer.WriteTime("updated_at"u8, message.UpdatedMs);
        writer.WriteTime("sent_at"u8, message.SentMs);
        writer.WriteTime("final_at"u8, message.FinalMs);
        WriteError(writer, message.Error == 0 ? null : Reasons.Of(message.Error));
        writer.WriteEndObject();
    }

    /// <summary>What it is, in both.</summary>
    private static void WriteHead(Utf8JsonWriter writer, MessageId id, MessageStatus status, string? to, string? from)
    {
        writer.WriteString("id"u8, id.ToString());
        writer.WriteString("status"u8, status.ToText());
        writer.WriteString("to"u8, to);
        writer.WriteString("from"u8, from);
    }

    /// <summary>What its sender finds it by, in both.</summary>
    private static void WriteMarks(Utf8JsonWriter writer, string? campaign, string? reference)
    {
        writer.WriteString("campaign"u8, campaign);
        writer.WriteString("reference"u8, reference);
    }

    private static void WriteWait(Utf8JsonWriter writer, MessageWait? wait)
    {
        if (wait is null)
        {
            writer.WriteNull("waits_for"u8);
            return;
        }

        writer.WriteStartObject("waits_for"u8);
        writer.WriteString("code"u8, wait.Code);
        writer.WriteString("detail"u8, wait.Detail);
        writer.WriteTime("until"u8, wait.Until);
        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, MessageError? error)
    {
        if (error is null)
        {
            writer.WriteNull("error"u8);
            return;
        }

        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("name"u8, error.Name);
        writer.WriteString("detail"u8, error.Detail);
        writer.WriteEndObject();
    }

    private static void WriteLateness(Utf8JsonWriter writer, Lateness lateness)
    {
        writer.WriteStartObject("lateness"u8);
        writer.WriteNumberOrNull("before_us_ms"u8, lateness.BeforeUsMs);
        writer.WriteNumberOrNull("waiting_ms"u8, lateness.WaitingMs);
        writer.WriteNumberOrNull("carrier_ms"u8, lateness.CarrierMs);
        writer.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter writer, TimelineEvent item)
    {
        writer.WriteStartObject();
        writer.WriteTime("time"u8, item.Time);
        writer.WriteString("type"u8, item.Event);
        writer.WriteNumber("part"u8, item.Part);
        Optional(writer, "channel"u8, item.Channel);
        Optional(writer, "carrier_id"u8, item.CarrierId);
        Optional(writer, "detail"u8, item.Detail);
        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
