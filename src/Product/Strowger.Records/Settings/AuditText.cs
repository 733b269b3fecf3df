using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strowger.Records.Settings;

/// <summary>Takes secrets out of what the audit shows. It names that a password was there, not what it was.</summary>
internal static class AuditText
{
    private static readonly string[] Secret = ["password", "secret", "token"];

    public static string? Redact(string? text)
    {
        if (text is null || !text.StartsWith('{'))
        {
            return text;
        }

        try
        {
            var node = JsonNode.Parse(text)!.AsObject();
            foreach (var name in node.Select(member => member.Key).Where(IsSecret).ToArray())
            {
                node[name] = "***";
            }

            return node.ToJsonString();
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return "(not JSON)";
        }
    }

    private static bool IsSecret(string name) => Secret.Any(secret => name.EndsWith(secret, StringComparison.OrdinalIgnoreCase));
}
