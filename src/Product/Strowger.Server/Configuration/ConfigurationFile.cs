using System.Text;
using System.Text.Json;

namespace Strowger.Server.Configuration;

/// <summary>Reads JSON with comments and trailing commas into nodes that know their line.</summary>
internal static class ConfigurationFile
{
    /// <summary>A configuration is written by people; a thousand channels are 300 KB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    /// <returns>Null when it cannot be read; the problem is added.</returns>
    public static ConfigurationNode? Read(string path, string name, List<ConfigurationProblem> problems)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                problems.Add(new ConfigurationProblem("--config", name, "more than 4 MiB", "a configuration has at most 4 MiB"));
                return null;
            }

            return Parse(File.ReadAllBytes(path), name, problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigurationProblem("--config", name, null, error.Message));
            return null;
        }
    }

    public static ConfigurationNode? Parse(ReadOnlySpan<byte> json, string name, List<ConfigurationProblem> problems)
    {
        json = json.StartsWith("\uFEFF"u8) ? json["\uFEFF"u8.Length..] : json;
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            reader.Read();
            var root = Value(ref reader, json, name, "", problems);
            if (root.Kind != NodeKind.Section)
            {
                problems.Add(new ConfigurationProblem("(the file)", root.Source, root.Shown, "it must be a JSON object { ... }"));
                return null;
            }

            // What follows the object is looked at too: a second one is a mistake.
            while (reader.Read())
            {
            }

            return root;
        }
        catch (JsonException error)
        {
            var line = (error.LineNumber ?? 0) + 1;
            var what = error.Message.Split(" LineNumber:")[0];
            problems.Add(new ConfigurationProblem("(the file)", $"{name} line {line}", null, $"it is not JSON: {what}"));
            return null;
        }
    }

    private static ConfigurationNode Value(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string name, string path, List<ConfigurationProblem> problems)
    {
        var source = $"{name} line {json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}";
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Section(ref reader, json, name, path, source, problems);
            case JsonTokenType.StartArray:
                var list = new ConfigurationNode(NodeKind.List, "", source);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Items.Add(Value(ref reader, json, name, $"{path}:{list.Items.Count}", problems));
                }

                return list;
            case JsonTokenType.String:
                return new ConfigurationNode(NodeKind.Text, reader.GetString()!, source);
            case JsonTokenType.Number:
                return new ConfigurationNode(NodeKind.Number, Encoding.UTF8.GetString(reader.ValueSpan), source);
            case JsonTokenType.True or JsonTokenType.False:
                return new ConfigurationNode(NodeKind.Boolean, reader.TokenType == JsonTokenType.True ? "true" : "false", source);
            default:
                return new ConfigurationNode(NodeKind.Null, "", source);
        }
    }

    private static ConfigurationNode Section(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string name, string path, string source, List<ConfigurationProblem> problems)
    {
        var section = ConfigurationNode.Section(source);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            var below = path.Length == 0 ? key : $"{path}:{key}";
            reader.Read();
            var value = Value(ref reader, json, name, below, problems);
            if (!section.Members.TryAdd(key, value))
            {
                problems.Add(new ConfigurationProblem(below, value.Source, "it a second time", $"a key stands once; the first is in {section.Members[key].Source}"));
            }
        }

        return section;
    }
}
