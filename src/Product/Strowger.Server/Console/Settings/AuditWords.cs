using System.Text.Json.Nodes;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary>An entry of the audit in words: what changed, from what to what.</summary>
internal static class AuditWords
{
    private const int MaxValue = 160;

    public static string Of(Language t, AuditRecord entry)
    {
        var action = t[entry.Action];
        if (Parse(entry.Before) is { } before && Parse(entry.After) is { } after)
        {
            var changes = before.Select(m => m.Key).Union(after.Select(m => m.Key))
                .Where(key => before[key]?.ToJsonString() != after[key]?.ToJsonString())
                .Select(key => $"{key} {Value(before[key])} → {Value(after[key])}");
            return Cut($"{action}: {string.Join(", ", changes)}");
        }

        return Cut((entry.Before, entry.After) switch
        {
            (null, null) => action,
            (null, { } value) => Parse(value) is null ? $"{action}: {value}" : action,
            ({ } value, null) => Parse(value) is null ? $"{action}: {value}" : action,
            var (from, to) => $"{action}: {from} → {to}",
        });
    }

    /// <summary>The JSON object it is; null when it is none.</summary>
    public static JsonObject? Parse(string? text)
    {
        try
        {
            return text is ['{', ..] ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string Value(JsonNode? node) => node?.ToString() is { Length: > 0 } text ? text : "–";

    private static string Cut(string text) => text.Length <= MaxValue ? text : text[..(MaxValue - 1)] + "…";
}
