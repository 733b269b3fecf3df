using System.Text.Json.Nodes;

namespace Strowger.Server.Cli;

/// <summary>A request's body with those members that are given.</summary>
internal static class JsonBody
{
    public static string Of(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var body = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body.ToJsonString();
    }

    public static JsonNode? Texts(IReadOnlyCollection<string>? values) =>
        values is null or { Count: 0 } ? null : new JsonArray([.. values.Select(value => (JsonNode?)value)]);
}
