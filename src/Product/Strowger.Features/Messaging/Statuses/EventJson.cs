using System.Text;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.SmppDoor;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>Events of the log as clients read them: one JSON object each.</summary>
public static class EventJson
{
    /// <summary>
    /// <c>{position, time, type, subject, data}</c>; subject is the message or the campaign, null where the event is about none.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="item">The event.</param>
    /// <param name="stageName">A stage's name by its number.</param>
    public static void Write(Utf8JsonWriter writer, in EngineEvent item, Func<int, string> stageName)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(stageName);
        writer.WriteStartObject();
        writer.WriteNumber("position"u8, item.Position.Value);
        writer.WriteString("time"u8, TimeText(item.TimeMs));
        var noun = NounOf(item, stageName);
        writer.WriteString("type"u8, noun is null ? EventWords.Of(item) : EventWords.OfPost(item, noun));
        writer.WriteString("subject"u8, noun is not null ? null : item.Job.IsNone ? JsonFacts.SubjectOf(item) : new MessageId(item.Parent).ToString());
        writer.WriteStartObject("data"u8);
        WriteData(writer, item, stageName);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Of a job that is no message but a post or a mail (its body is JSON, a message's begins with its version); null of all others.</summary>
    private static string? NounOf(in EngineEvent item, Func<int, string> stageName)
    {
        if (item.Kind == EntryKind.Accepted)
        {
            if (DeliverMark.IsOne(item.Headers))
            {
                return DeliverMark.Noun;
            }

            return item.Data is not [(byte)'{', ..] ? null : item.Headers switch
            {
                [(byte)'W', (byte)'H', ..] => "webhook",
                [(byte)'M', (byte)'L', ..] => "mail",
                _ => "job",
            };
        }

        return item.Stage > 0 && stageName(item.Stage) is var stage && !OtherStages.IsChannel(stage) ? OtherStages.NounOf(stage) : null;
    }

    private static void WriteData(Utf8JsonWriter writer, in EngineEvent item, Func<int, string> stageName)
    {
        if (item.Kind == EntryKind.Accepted)
        {
            WriteAcceptance(writer, item);
            return;
        }

        if (item.Kind == EntryKind.Event)
        {
            WriteFact(writer, item);
            return;
        }

        writer.WriteNumber("part"u8, item.Part + 1);
        if (item.Stage > 0)
        {
            writer.WriteString("channel"u8, stageName(item.Stage));
        }

        if (item.Attempt > 0)
        {
            writer.WriteNumber("attempt"u8, item.Attempt);
        }

        if (item.Kind == EntryKind.Done && HandOverData.TryRead(item.Data, out var handed))
        {
            writer.WriteString("carrier_id"u8, Encoding.Latin1.GetString(handed.Id));
        }
        else if (item.Code != 0)
        {
            var reason = Reasons.Of(item);
            writer.WriteString("reason"u8, reason.Name);
            writer.WriteString("detail"u8, reason.Detail);
        }

        if (item.Kind == EntryKind.Retry && item.DueMs > 0)
        {
            writer.WriteString("next_attempt_at"u8, TimeText(item.DueMs));
        }
    }

    private static void WriteAcceptance(Utf8JsonWriter writer, in EngineEvent item)
    {
        if (!MessageBodyReader.TryRead(item.Data, out var message, out _))
        {
            return;
        }

        writer.WriteString("to"u8, message.To.ToString());
        writer.WriteString("from"u8, message.From.ToString());
        if (message.IsData)
        {
            writer.WriteString("data_hex"u8, Convert.ToHexStringLower(message.Content));
        }
        else
        {
            writer.WriteString("text"u8, message.Content);
        }

        writer.WriteNumber("segments"u8, message.Plan.Parts);
        writer.WriteString("encoding"u8, MessageReader.EncodingWord(message.Plan.Encoding));
        writer.WriteString("priority"u8, message.Priority.ToString().ToLowerInvariant());
        Optional(writer, "channel"u8, message.Channel);
        Optional(writer, "campaign"u8, message.Campaign);
        Optional(writer, "reference"u8, message.Reference);
        if (item.DueMs > 0)
        {
            writer.WriteString("send_at"u8, TimeText(item.DueMs));
        }

        if (item.ExpiresMs > 0)
        {
            writer.WriteString("expires_at"u8, TimeText(item.ExpiresMs));
        }
    }

    private static void WriteFact(Utf8JsonWriter writer, in EngineEvent item)
    {
        if (item.Code is MessagingEvents.Receipt or MessagingEvents.ParkedReceipt && ReceiptData.TryRead(item.Data, out var receipt))
        {
            if (!item.Job.IsNone)
            {
                writer.WriteNumber("part"u8, item.Part + 1);
            }

            Optional(writer, "channel"u8, receipt.Channel);
            writer.WriteString("state"u8, receipt.State.ToString().ToLowerInvariant());
            writer.WriteString("carrier_id"u8, Encoding.Latin1.GetString(receipt.Id));
            if (!receipt.Error.IsEmpty)
            {
                writer.WriteString("error"u8, Encoding.Latin1.GetString(receipt.Error));
            }

            JsonTlvs.Write(writer, receipt.Tlvs);
        }
        else if (item.Code == MessagingEvents.Inbound && InboundText.Parse(item.Data) is { } text)
        {
            writer.WriteString("channel"u8, text.Channel);
            writer.WriteString("from"u8, text.From);
            writer.WriteString("to"u8, text.To);
            writer.WriteString(text.Text is null ? "data_hex"u8 : "text"u8, text.Text ?? text.DataHex);
            writer.WriteNumber("part"u8, text.Part);
            writer.WriteNumber("parts"u8, text.Parts);
            JsonTlvs.Write(writer, text.Tlvs);
        }
        else
        {
            JsonFacts.WriteData(writer, item);
        }
    }

    private static void Optional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            writer.WriteString(name, value);
        }
    }

    private static string TimeText(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}
