using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strowger.Records.Settings;

/// <summary>Takes secrets out of what the audit shows. It names that a password was there, and that it is another one than before, not what it was.</summary>
internal static class AuditText
{
    private static readonly string[] Secret = ["password", "passwordhash", "secret", "token"];

    /// <param name="text">What is shown.</param>
    /// <param name="before">What it was; null when it was nothing.</param>
    public static string? Redact(string? text, string? before = null)
    {
        if (text is null || !text.StartsWith('{'))
        {
            return text;
        }

        try
        {
            var node = JsonNode.Parse(text)!.AsObject();
            var earlier = before is ['{', ..] ? JsonNode.Parse(before)!.AsObject() : null;
            foreach (var name in node.Select(member => member.Key).Where(IsSecret).ToArray())
            {
                node[name] = earlier?[name] is { } old && !JsonNode.DeepEquals(old, node[name]) ? "*** (another)" : "***";
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
