using System.Globalization;

namespace Strowger.Server.Configuration;

/// <summary>Lays environment variables and <c>--set</c> over what the file says.</summary>
internal static class ConfigurationOverrides
{
    public const string Prefix = "STROWGER__";
    private const int MaxListItems = 1000;

    /// <summary><c>STROWGER__Http__Listen</c> is <c>Http:Listen</c>.</summary>
    public static void Environment(ConfigurationNode root, IReadOnlyDictionary<string, string> variables, List<ConfigurationProblem> problems)
    {
        foreach (var (name, value) in variables.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Apply(root, name[Prefix.Length..].Split("__"), value, $"environment {name}", problems);
        }
    }

    /// <summary><c>Section:Key=value</c>.</summary>
    public static void Set(ConfigurationNode root, IEnumerable<string> settings, List<ConfigurationProblem> problems)
    {
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                problems.Add(new ConfigurationProblem("--set", "command line", $"\"{setting}\"", "the form is Section:Key=value"));
                continue;
            }

            Apply(root, setting[..equals].Split(':'), setting[(equals + 1)..], $"--set {setting[..equals]}", problems);
        }
    }

    private static void Apply(ConfigurationNode root, string[] path, string value, string source, List<ConfigurationProblem> problems)
    {
        var node = root;
        foreach (var step in path[..^1])
        {
            if (Below(node, step, source) is not { } next)
            {
                problems.Add(new ConfigurationProblem(string.Join(':', path), source, $"\"{step}\"", "a list is indexed by number, the next free one at most, or by the Name of an entry"));
                return;
            }

            node = next;
        }

        Put(node, path, ConfigurationNode.Override(value, source), problems);
    }

    private static void Put(ConfigurationNode node, string[] path, ConfigurationNode value, List<ConfigurationProblem> problems)
    {
        if (node.Kind != NodeKind.List)
        {
            node.Members[path[^1]] = value;
        }
        else if (Index(node, path[^1]) is not { } index)
        {
            problems.Add(new ConfigurationProblem(string.Join(':', path), value.Source, $"\"{path[^1]}\"", "a list is indexed by number, the next free one at most"));
        }
        else if (index < node.Items.Count)
        {
            node.Items[index] = value;
        }
        else
        {
            node.Items.Add(value);
        }
    }

    private static ConfigurationNode? Below(ConfigurationNode node, string step, string source)
    {
        if (node.Kind == NodeKind.List)
        {
            if (node.Items.Find(item => item.Members.TryGetValue("Name", out var name) && name.Text == step) is { } named)
            {
                return named;
            }

            if (Index(node, step) is not { } index)
            {
                return null;
            }

            if (index == node.Items.Count)
            {
                node.Items.Add(ConfigurationNode.Section(source));
            }

            return node.Items[index];
        }

        if (node.Kind != NodeKind.Section)
        {
            node.Become(NodeKind.Section, source);
        }

        if (!node.Members.TryGetValue(step, out var below))
        {
            // Lists are known by their name: an override may begin one.
            var kind = string.Equals(step, "Channels", StringComparison.OrdinalIgnoreCase) ? NodeKind.List : NodeKind.Section;
            node.Members[step] = below = new ConfigurationNode(kind, "", source);
        }

        return below;
    }

    private static int? Index(ConfigurationNode list, string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= list.Items.Count && index < MaxListItems ? index : null;
}
