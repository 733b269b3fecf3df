using System.Buffers;
using System.Text.Json;
using Strowger.Features.Messaging.Statuses;

namespace Strowger.Features.Messaging.Sending;

/// <summary>A message as a new request for the same.</summary>
internal static class ResendJson
{
    public static ReadOnlyMemory<byte> Of(MessageView message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("to", message.To);
            writer.WriteString("from", message.From);
            if (message.Text is not null)
            {
                writer.WriteString("text", message.Text);
            }
            else
            {
                writer.WriteString("data_hex", message.DataHex);
            }

            writer.WriteString("priority", message.Priority);
            if (message.Reference is not null)
            {
                writer.WriteString("reference", message.Reference);
            }

            if (message.Campaign is not null)
            {
                writer.WriteString("campaign", message.Campaign);
            }

            if (message.RequestedChannel is not null)
            {
                writer.WriteString("channel", message.RequestedChannel);
            }

            if (message.CallbackUrl is not null)
            {
                writer.WriteString("callback_url", message.CallbackUrl);
            }

            WriteTlvs(writer, message.Tlvs);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteTlvs(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> tlvs)
    {
        if (tlvs.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("tlvs");
        foreach (var (tag, value) in tlvs)
        {
            writer.WriteString(tag, value);
        }

        writer.WriteEndObject();
    }
}
