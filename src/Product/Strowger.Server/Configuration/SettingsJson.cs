using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Strowger.Server.Configuration;

/// <summary>How settings are written as JSON: what is the default is left out.</summary>
internal static class SettingsJson
{
    /// <summary>One line, or several for people to read.</summary>
    public static string ToText(Action<Utf8JsonWriter> write, bool isIndented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = isIndented }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A whole configuration file with these channels and these clients of the SMPP door.</summary>
    public static string Export(IEnumerable<ChannelConfiguration> channels, IReadOnlyCollection<SmppClientConfiguration> clients) => ToText(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Channels");
            foreach (var channel in channels)
            {
                ChannelJson.Write(writer, channel);
            }

            writer.WriteEndArray();
            if (clients.Count > 0)
            {
                writer.WriteStartObject("Smpp");
                writer.WriteStartArray("Clients");
                foreach (var client in clients)
                {
                    SmppClientJson.Write(writer, client);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        },
        isIndented: true) + "\n";

    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static void Optional(Utf8JsonWriter writer, string key, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(key, value);
        }
    }

    public static void Number(Utf8JsonWriter writer, string key, int value, int usual)
    {
        if (value != usual)
        {
            writer.WriteNumber(key, value);
        }
    }

    /// <summary>An empty list is left out.</summary>
    public static void Texts(Utf8JsonWriter writer, string key, IEnumerable<string> values)
    {
        if (values.Any())
        {
            writer.WriteStartArray(key);
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    }
}
