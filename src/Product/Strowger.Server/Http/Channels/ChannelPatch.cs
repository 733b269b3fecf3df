using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Channels;

/// <summary>Reads channels from bodies: whole ones, and changes laid over what is kept.</summary>
internal static class ChannelPatch
{
    private const string Source = "request";
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Names for the same thing: one of them given drops the other.</summary>
    private static readonly (string, string)[] _either = [("password", "passwordfile")];

    /// <summary>A new channel.</summary>
    public static ChannelConfiguration? ReadNew(ReadOnlySpan<byte> body, out Problem? problem)
    {
        problem = NotAnObject(body);
        if (problem is not null)
        {
            return null;
        }

        var channel = ChannelJson.Parse(body, Source, out var found);
        problem = Of(found);
        return problem is null ? channel : null;
    }

    /// <summary>A change of a channel; null takes a setting back to its default.</summary>
    /// <param name="kept">The channel's settings as they are kept.</param>
    /// <param name="body">The change.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static ChannelConfiguration? ReadChange(string kept, ReadOnlySpan<byte> body, out Problem? problem)
    {
        problem = NotAnObject(body);
        if (problem is not null)
        {
            return null;
        }

        var settings = JsonNode.Parse(kept)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(body, null, _strict)!.AsObject())
        {
            var plain = Plain(name);
            if (plain is "name" or "kind" && !Same(settings, plain, value))
            {
                problem = Problem.Of("invalid_value", $"{plain}: it cannot be changed. Remove the channel and add another.", plain);
                return null;
            }

            Drop(settings, plain);
            if (value is not null)
            {
                settings[name] = value.DeepClone();
                DropOther(settings, plain);
            }
        }

        var channel = ChannelJson.Parse(Encoding.UTF8.GetBytes(settings.ToJsonString()), Source, out var found);
        problem = Of(found);
        return problem is null ? channel : null;
    }

    private static Problem? NotAnObject(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body, null, _strict) is JsonObject parsed && parsed.Count >= 0
                ? null
                : Problem.Of("wrong_type", "The body is not an object; allowed is a channel's settings, such as {\"name\": \"a\", \"kind\": \"discard\"}.");
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException or InvalidOperationException)
        {
            return Problem.Of("malformed_json", $"Not valid JSON: {malformed.Message}");
        }
    }

    /// <summary>The first mistake names its field; all are told.</summary>
    private static Problem? Of(IReadOnlyList<ConfigurationProblem> found)
    {
        if (found.Count == 0)
        {
            return null;
        }

        var first = found[0];
        var isMissing = first.Found is null && first.Allowed.StartsWith("it is missing", StringComparison.Ordinal);
        var isUnknown = first.Found is null && first.Allowed.StartsWith("there is no such key", StringComparison.Ordinal);
        return Problem.Of(isMissing ? "missing_field" : isUnknown ? "unknown_field" : "invalid_value", Text(first), SnakeCase(first.Key)) with
        {
            Fields = [.. found.Select(wrong => new ProblemField(SnakeCase(wrong.Key), wrong.Found, wrong.Allowed))],
            Extend = writer =>
            {
                writer.WriteStartArray("errors"u8);
                foreach (var problem in found)
                {
                    writer.WriteStartObject();
                    writer.WriteString("field"u8, SnakeCase(problem.Key));
                    writer.WriteString("detail"u8, Text(problem));
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            },
        };
    }

    private static string Text(ConfigurationProblem problem) =>
        $"{SnakeCase(problem.Key)}: {(problem.Found is null ? string.Empty : $"found {problem.Found}; ")}{problem.Allowed}.";

    private static bool Same(JsonObject settings, string plain, JsonNode? value) =>
        value is JsonValue given && given.TryGetValue<string>(out var text)
        && settings.Any(member => Plain(member.Key) == plain && string.Equals(member.Value?.ToString(), text, StringComparison.OrdinalIgnoreCase));

    private static void DropOther(JsonObject settings, string plain)
    {
        foreach (var (one, other) in _either)
        {
            if (plain == one)
            {
                Drop(settings, other);
            }
            else if (plain == other)
            {
                Drop(settings, one);
            }
        }
    }

    private static void Drop(JsonObject settings, string plain)
    {
        foreach (var name in settings.Select(member => member.Key).Where(key => Plain(key) == plain).ToArray())
        {
            settings.Remove(name);
        }
    }

    /// <summary>As the configuration compares keys: any case, with or without underscores.</summary>
    private static string Plain(string key) => key.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string SnakeCase(string key) => JsonNamingPolicy.SnakeCaseLower.ConvertName(key);
}
