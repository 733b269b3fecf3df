using System.Text.Json;
using Strowger.Engine;

namespace Strowger.Server.Configuration;

/// <summary>A channel as JSON: as it is kept in the settings, exported, and taken from the API.</summary>
public static class ChannelJson
{
    private static readonly ChannelConfiguration Defaults = new() { Name = "", Kind = ChannelKind.Discard };

    /// <summary>One line, keys as in the configuration file, what is the default left out: the same channel always gives the same text.</summary>
    public static string ToText(ChannelConfiguration channel) => SettingsJson.ToText(writer => Write(writer, channel));

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

    internal static void Write(Utf8JsonWriter writer, ChannelConfiguration channel)
    {
        writer.WriteStartObject();
        writer.WriteString("Name", channel.Name);
        writer.WriteString("Kind", SettingsJson.Word(channel.Kind));
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
        SettingsJson.Texts(writer, "Prefixes", channel.Prefixes);

        LimitReader.Write(writer, channel.Limits);
        SettingsJson.Optional(writer, "WhenUnsure", channel.WhenUnsure == WhenUnsure.Hold ? "hold" : null);
        SettingsJson.Optional(writer, "InboundUrl", channel.InboundUrl);
        SettingsJson.Number(writer, "MaxParts", channel.MaxParts, Defaults.MaxParts);
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
        SettingsJson.Optional(writer, "Password", channel.Password);
        SettingsJson.Optional(writer, "PasswordFile", channel.PasswordFile);
        SettingsJson.Optional(writer, "SystemType", channel.SystemType.Length == 0 ? null : channel.SystemType);
        if (channel.Tls)
        {
            writer.WriteBoolean("Tls", true);
        }

        SettingsJson.Optional(writer, "TlsServerName", channel.TlsServerName);
        SettingsJson.Optional(writer, "TlsTrustedCertificate", channel.TlsTrustedCertificate);
        SettingsJson.Optional(writer, "Mode", channel.Mode == ChannelMode.Transceiver ? null : SettingsJson.Word(channel.Mode));
        SettingsJson.Texts(writer, "NationalLanguages", channel.NationalLanguages.Select(NationalLanguageCodes.Of));

        SettingsJson.Optional(writer, "LongMessages", channel.LongMessages == LongMessageForm.Udh ? null : SettingsJson.Word(channel.LongMessages));
        SettingsJson.Number(writer, "Binds", channel.Binds, Defaults.Binds);
        SettingsJson.Number(writer, "Window", channel.Window, Defaults.Window);
        Duration(writer, "EnquireLink", channel.EnquireLink, Defaults.EnquireLink);
        Duration(writer, "ResponseTimeout", channel.ResponseTimeout, Defaults.ResponseTimeout);
    }

    private static void Duration(Utf8JsonWriter writer, string key, TimeSpan value, TimeSpan usual)
    {
        if (value != usual)
        {
            writer.WriteString(key, DurationText.ToText(value));
        }
    }
}
