using System.Text.Json;

namespace Strowger.Server.Cli;

/// <summary>Reads members that may be missing.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement element, string name) => Member(element, name) is { } member ? member.Shown() : null;

    public static long Integer(this JsonElement element, string name, long fallback = 0) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var value) ? value : fallback;

    public static IEnumerable<JsonElement> List(this JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } member ? member.EnumerateArray() : [];

    /// <summary>A scalar as people read it; of a list its length.</summary>
    public static string? Shown(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => element.GetArrayLength().ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => element.GetRawText(),
    };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
