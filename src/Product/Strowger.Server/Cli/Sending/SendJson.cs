using System.Text;
using System.Text.Json;

namespace Strowger.Server.Cli.Sending;

/// <summary>A message as the API takes it.</summary>
internal static class SendJson
{
    public static string One(string to, string text, SendOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("to"u8, to);
            writer.WriteString("text"u8, text);
            WriteCommon(writer, options);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static void WriteCommon(Utf8JsonWriter writer, SendOptions options)
    {
        Text(writer, "from"u8, options.From);
        Text(writer, "channel"u8, options.Channel);
        Text(writer, "priority"u8, options.Priority);
        Text(writer, "campaign"u8, options.Campaign);
        Text(writer, "reference"u8, options.Reference);
        Text(writer, "send_at"u8, options.SendAt);
        if (options.ExpiresInSeconds is { } seconds)
        {
            writer.WriteNumber("expires_in"u8, seconds);
        }
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
