using System.Text.Json;
using Strowger.Features.Messaging;

namespace Strowger.Server.Configuration;

/// <summary>A client of the SMPP door as JSON: as it is kept in the settings, exported, and taken from the API. A password is in it as its hash, or not at all.</summary>
internal static class SmppClientJson
{
    private static readonly SmppClientConfiguration Defaults = new() { SystemId = "" };

    /// <summary>One line, keys as in the configuration file, what is the default left out: the same client always gives the same text.</summary>
    public static string ToText(SmppClientConfiguration client) => SettingsJson.ToText(writer => Write(writer, client));

    /// <summary>Reads and checks a client; keys as in the file or in snake_case.</summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="source">For messages, such as "request".</param>
    /// <param name="isKept">A password may be there as its hash, or be in the configuration file.</param>
    /// <param name="problems">All mistakes; the client may be used when there are none.</param>
    public static SmppClientConfiguration? Parse(ReadOnlySpan<byte> json, string source, bool isKept, out IReadOnlyList<ConfigurationProblem> problems)
    {
        var found = new List<ConfigurationProblem>();
        problems = found;
        return ConfigurationFile.Parse(json, source, found) is { } node ? SmppClientReader.OfSettings(new SectionReader(node, "", found), isKept) : null;
    }

    public static void Write(Utf8JsonWriter writer, SmppClientConfiguration client)
    {
        writer.WriteStartObject();
        writer.WriteString("SystemId", client.SystemId);
        SettingsJson.Optional(writer, "PasswordHash", client.PasswordHash);
        SettingsJson.Number(writer, "Binds", client.Binds, Defaults.Binds);
        if (client.Rate is { } rate)
        {
            writer.WriteNumber("Rate", rate);
        }

        SettingsJson.Number(writer, "Window", client.Window, Defaults.Window);
        SettingsJson.Texts(writer, "Allow", client.Allow.Select(network => network.ToString()));
        SettingsJson.Optional(writer, "Channel", client.Channel);
        SettingsJson.Optional(writer, "Priority", client.Priority == MessagePriority.Normal ? null : SettingsJson.Word(client.Priority));
        SettingsJson.Texts(writer, "Numbers", client.Numbers);
        writer.WriteEndObject();
    }
}
