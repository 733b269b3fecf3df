using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Json;

/// <summary>Reads settings of one thing from bodies: whole ones, and changes laid over what is kept.</summary>
/// <typeparam name="T">The settings.</typeparam>
internal sealed class SettingsPatch<T>
    where T : class
{
    private const string Source = "request";
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads and checks settings.</summary>
    /// <param name="json">An object.</param>
    /// <param name="source">For messages.</param>
    /// <param name="isKept">What is kept, with a change over it.</param>
    /// <param name="problems">All mistakes.</param>
    public delegate T? Parser(ReadOnlySpan<byte> json, string source, bool isKept, out IReadOnlyList<ConfigurationProblem> problems);

    public required Parser Parse { get; init; }

    /// <summary>Of a whole one, for whoever sends something else.</summary>
    public required string Example { get; init; }

    /// <summary>What a thing is told by and cannot be changed, in lower case without underscores.</summary>
    public required IReadOnlyList<string> Frozen { get; init; }

    /// <summary>Kept, and not to be given.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];

    /// <summary>Two names for the same thing: one of them given drops the other.</summary>
    public required (string One, string Other) Either { get; init; }

    /// <summary>A new one.</summary>
    public T? ReadNew(ReadOnlySpan<byte> body, out Problem? problem)
    {
        problem = NotAnObject(body);
        if (problem is not null)
        {
            return null;
        }

        var settings = Parse(body, Source, isKept: false, out var found);
        problem = Of(found);
        return problem is null ? settings : null;
    }

    /// <summary>A change; null takes a setting back to its default.</summary>
    /// <param name="kept">The settings as they are kept.</param>
    /// <param name="body">The change.</param>
    /// <param name="problem">What is wrong with it.</param>
    public T? ReadChange(string kept, ReadOnlySpan<byte> body, out Problem? problem)
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
            problem = Hidden.Contains(plain) ? Problem.Of("unknown_field", $"{name}: there is no such key.", name)
                : Frozen.Contains(plain) && !Same(settings, plain, value) ? Problem.Of("invalid_value", $"{name}: it cannot be changed. Remove this one and add another.", name)
                : null;
            if (problem is not null)
            {
                return null;
            }

            Drop(settings, plain);
            if (value is not null)
            {
                settings[name] = value.DeepClone();
                Drop(settings, plain == Either.One ? Either.Other : plain == Either.Other ? Either.One : string.Empty);
            }
        }

        var changed = Parse(Encoding.UTF8.GetBytes(settings.ToJsonString()), Source, isKept: true, out var found);
        problem = Of(found);
        return problem is null ? changed : null;
    }

    private Problem? NotAnObject(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body, null, _strict) is JsonObject parsed && parsed.Count >= 0
                ? null
                : Problem.Of("wrong_type", $"The body is not an object; allowed are settings such as {Example}.");
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
