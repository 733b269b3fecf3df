using System.Text.Json.Nodes;

namespace Strowger.SystemTests.Harness;

/// <summary>Configuration files for tests.</summary>
internal static class Config
{
    /// <summary>A file with these channels.</summary>
    public static string Of(params JsonObject[] channels) => new JsonObject { ["Channels"] = new JsonArray([.. channels]) }.ToJsonString();

    /// <summary>A channel over SMPP; more keys by name.</summary>
    public static JsonObject Smpp(string name, int port, params (string Key, JsonNode Value)[] more)
    {
        var channel = new JsonObject
        {
            ["Name"] = name,
            ["Kind"] = "smpp",
            ["Host"] = "127.0.0.1",
            ["Port"] = port,
            ["SystemId"] = "strowger",
            ["Password"] = "secret",
        };
        foreach (var (key, value) in more)
        {
            channel[key] = value;
        }

        return channel;
    }

    public static JsonObject Discard(string name, params (string Key, JsonNode Value)[] more)
    {
        var channel = new JsonObject { ["Name"] = name, ["Kind"] = "discard" };
        foreach (var (key, value) in more)
        {
            channel[key] = value;
        }

        return channel;
    }
}
