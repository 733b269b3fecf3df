using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Kannel;

/// <summary>Writes an import as a configuration file.</summary>
internal static class KannelJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(KannelImport import)
    {
        var file = JsonNode.Parse(SettingsJson.Export(import.Channels, []))!.AsObject();
        if (import.Users.Count > 0)
        {
            file["Kannel"] = new JsonObject { ["SendSms"] = new JsonObject { ["Users"] = new JsonArray([.. import.Users.Select(User)]) } };
        }

        return file.ToJsonString(Readable) + "\n";
    }

    private static JsonObject User(KannelUser user)
    {
        var json = new JsonObject { ["Username"] = user.Username, ["Password"] = user.Password };
        foreach (var (key, value) in (ReadOnlySpan<(string, string?)>)
            [("DefaultSender", user.DefaultSender), ("ForcedSender", user.ForcedSender), ("DefaultChannel", user.DefaultChannel), ("ForcedChannel", user.ForcedChannel)])
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }

        if (user.Allow.Count > 0)
        {
            json["Allow"] = new JsonArray([.. user.Allow.Select(network => JsonValue.Create(network.ToString()))]);
        }

        return json;
    }
}
