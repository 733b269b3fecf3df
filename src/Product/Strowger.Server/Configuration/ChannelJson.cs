using System.Buffers;
using System.Text;
using System.Text.Json;
using Strowger.Engine;

namespace Strowger.Server.Configuration;

/// <summary>A channel as JSON: as it is kept in the settings, exported, and taken from the API.</summary>
public static class ChannelJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };
    private static readonly ChannelConfiguration Defaults = new() { Name = "", Kind = ChannelKind.Discard };

    /// <summary>One line, keys as in the configuration file, what is the default left out: the same channel always gives the same text.</summary>
    public static string ToText(ChannelConfiguration channel)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, channel);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads and checks a channel; keys as in the file or in snake_case.</summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="source">For messages, such as "request".</param>
    /// <param name="problems">All mistakes; the channel may be used when there are none.</param>
    public static ChannelConfiguration? Parse(ReadOnlySpan<byte> json, string source, out IReadOnlyList<ConfigurationProblem> problems)
    {
        var found = new List<ConfigurationProblem>();
        problems = found;
        var node = ConfigurationFile.Parse(json, source, found);
        return node is null ? null : ChannelReader.Read(new SectionReader(node, "", found));
    }

    /// <summary>A whole configuration file with these channels.</summary>
    public static string Export(IEnumerable<ChannelConfiguration> channels)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Channels");
            foreach (var channel in channels)
            {
                Write(writer, channel);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter writer, ChannelConfiguration channel)
    {
        writer.WriteStartObject();
        writer.WriteString("Name", channel.Name);
        writer.WriteString("Kind", Word(channel.Kind));
        if (channel.Kind == ChannelKind.Smpp)
        {
            WriteSmpp(writer, channel);
        }

        if (channel.Rate is { } rate)
        {
            writer.WriteNumber("Rate", rate);
        }

        if (channel.Price is { } price)
        {
            writer.WriteNumber("Price", price);
        }

        Duration(writer, "Bucket", channel.Bucket, Defaults.Bucket);
        if (channel.Prefixes.Count > 0)
        {
            writer.WriteStartArray("Prefixes");
            foreach (var prefix in channel.Prefixes)
            {
                writer.WriteStringValue(prefix);
            }

            writer.WriteEndArray();
        }

        LimitReader.Write(writer, channel.Limits);
        Optional(writer, "WhenUnsure", channel.WhenUnsure == WhenUnsure.Hold ? "hold" : null);
        Optional(writer, "InboundUrl", channel.InboundUrl);
        Number(writer, "MaxParts", channel.MaxParts, Defaults.MaxParts);
        if (channel.Latin1)
        {
            writer.WriteBoolean("Latin1", true);
        }

        if (channel.Paused)
        {
            writer.WriteBoolean("Paused", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteSmpp(Utf8JsonWriter writer, ChannelConfiguration channel)
    {
        writer.WriteString("Host", channel.Host);
        writer.WriteNumber("Port", channel.Port);
        writer.WriteString("SystemId", channel.SystemId);
        Optional(writer, "Password", channel.Password);
        Optional(writer, "PasswordFile", channel.PasswordFile);
        Optional(writer, "SystemType", channel.SystemType.Length == 0 ? null : channel.SystemType);
        if (channel.Tls)
        {
            writer.WriteBoolean("Tls", true);
        }

        Optional(writer, "TlsServerName", channel.TlsServerName);
        Optional(writer, "TlsTrustedCertificate", channel.TlsTrustedCertificate);
        Optional(writer, "Mode", channel.Mode == ChannelMode.Transceiver ? null : Word(channel.Mode));
        if (channel.NationalLanguages.Count > 0)
        {
            writer.WriteStartArray("NationalLanguages");
            foreach (var language in channel.NationalLanguages)
            {
                writer.WriteStringValue(NationalLanguageCodes.Of(language));
            }

            writer.WriteEndArray();
        }

        Optional(writer, "LongMessages", channel.LongMessages == LongMessageForm.Udh ? null : Word(channel.LongMessages));
        Number(writer, "Binds", channel.Binds, Defaults.Binds);
        Number(writer, "Window", channel.Window, Defaults.Window);
        Duration(writer, "EnquireLink", channel.EnquireLink, Defaults.EnquireLink);
        Duration(writer, "ResponseTimeout", channel.ResponseTimeout, Defaults.ResponseTimeout);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void Optional(Utf8JsonWriter writer, string key, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(key, value);
        }
    }

    private static void Number(Utf8JsonWriter writer, string key, int value, int usual)
    {
        if (value != usual)
        {
            writer.WriteNumber(key, value);
        }
    }

    private static void Duration(Utf8JsonWriter writer, string key, TimeSpan value, TimeSpan usual)
    {
        if (value != usual)
        {
            writer.WriteString(key, DurationText.ToText(value));
        }
    }
}
