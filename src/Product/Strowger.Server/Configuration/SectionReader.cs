using System.Globalization;

namespace Strowger.Server.Configuration;

/// <summary>
/// Reads one section's values into what they are; every mistake is noted and a stand-in returned, so that all mistakes come
/// out of one pass. Keys are the same in any case and with or without underscores: <c>system_id</c> of the API is <c>SystemId</c>.
/// </summary>
internal sealed class SectionReader
{
    private readonly ConfigurationNode _section;
    private readonly string _path;
    private readonly List<ConfigurationProblem> _problems;
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    public SectionReader(ConfigurationNode section, string path, List<ConfigurationProblem> problems)
    {
        _section = section;
        _path = path;
        _problems = problems;
        if (section.Kind != NodeKind.Section)
        {
            problems.Add(new ConfigurationProblem(path, section.Source, section.Shown, "it must be a section { ... }"));
        }
    }

    public List<ConfigurationProblem> Problems => _problems;

    /// <summary>Nothing stands in it, or it is not there.</summary>
    public bool IsEmpty => _section.Kind == NodeKind.Section && _section.Members.Count == 0;

    public string? Text(string key, string? fallback = null, int maxLength = 4096)
    {
        if (Find(key) is not { } node)
        {
            return fallback;
        }

        if (node.Kind is not NodeKind.Text)
        {
            Wrong(key, node, "it must be a text in quotes");
            return fallback;
        }

        if (node.Text.Length > maxLength)
        {
            Add(key, node.Source, $"{node.Text.Length} characters", $"at most {maxLength} are allowed");
            return fallback;
        }

        return node.Text;
    }

    public string Required(string key, string what, int maxLength)
    {
        var text = Text(key, null, maxLength);
        if (string.IsNullOrEmpty(text) && !IsWrong(key))
        {
            Add(key, Find(key)?.Source ?? _section.Source, null, $"it is missing: {what}");
        }

        return text ?? "";
    }

    public double? Number(string key, double from, double to, string unit, double? fallback = null)
    {
        if (Find(key) is not { } node || node.Kind == NodeKind.Null)
        {
            return fallback;
        }

        var isNumber = node.Kind == NodeKind.Number || node.IsOverride;
        if (isNumber && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to)
        {
            return value;
        }

        Wrong(key, node, string.Create(CultureInfo.InvariantCulture, $"allowed are numbers from {from:#,0.###} to {to:#,0.###} {unit}").TrimEnd());
        return fallback;
    }

    public int Integer(string key, int from, int to, string unit, int fallback)
    {
        var value = Number(key, from, to, unit, fallback) ?? fallback;
        if (value != Math.Floor(value))
        {
            Wrong(key, Find(key)!, "it must be a whole number");
            return fallback;
        }

        return (int)value;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Find(key) is not { } node)
        {
            return fallback;
        }

        if ((node.Kind == NodeKind.Boolean || node.IsOverride) && bool.TryParse(node.Text, out var value))
        {
            return value;
        }

        Wrong(key, node, "allowed are true and false");
        return fallback;
    }

    public TimeSpan Duration(string key, TimeSpan from, TimeSpan to, TimeSpan fallback)
    {
        if (Find(key) is not { } node)
        {
            return fallback;
        }

        if (node.Kind == NodeKind.Text && DurationText.TryParse(node.Text, out var value) && value >= from && value <= to)
        {
            return value;
        }

        Wrong(key, node, $"allowed is {DurationText.Form}, from {DurationText.ToText(from)} to {DurationText.ToText(to)}");
        return fallback;
    }

    /// <param name="key">The key.</param>
    /// <param name="choices">The words and what they mean; a word with null is known and not in this version.</param>
    /// <param name="fallback">When nothing is given.</param>
    public T Choice<T>(string key, (string Word, T? Value)[] choices, T fallback)
        where T : struct
    {
        if (Find(key) is not { } node)
        {
            return fallback;
        }

        var allowed = string.Join(", ", choices.Where(choice => choice.Value is not null).Select(choice => choice.Word));
        foreach (var (word, value) in choices)
        {
            if (node.Kind == NodeKind.Text && string.Equals(node.Text, word, StringComparison.OrdinalIgnoreCase))
            {
                if (value is null)
                {
                    Wrong(key, node, $"it is not in this version; allowed are {allowed}");
                }

                return value ?? fallback;
            }
        }

        Wrong(key, node, $"allowed are {allowed}");
        return fallback;
    }

    /// <summary>A list of texts; from outside a file, separated by commas.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var texts = new List<string>();
        foreach (var item in Items(key))
        {
            if (item.Kind == NodeKind.Text)
            {
                texts.Add(item.Text);
            }
            else
            {
                Wrong(key, item, "each entry must be a text in quotes");
            }
        }

        return texts;
    }

    public IReadOnlyList<ConfigurationNode> Items(string key)
    {
        if (Find(key) is not { } node)
        {
            return [];
        }

        if (node.IsOverride)
        {
            var separator = new[] { ',' };
            return [.. node.Text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => ConfigurationNode.Override(text, node.Source))];
        }

        if (node.Kind != NodeKind.List)
        {
            Wrong(key, node, "it must be a list [ ... ]");
        }

        return node.Items;
    }

    /// <summary>A section below; an empty one when it is not there.</summary>
    public SectionReader Section(string key) =>
        new(Find(key) ?? ConfigurationNode.Section(_section.Source), Path(key), _problems);

    /// <summary>An entry of a list of sections.</summary>
    public SectionReader Entry(string key, int number, ConfigurationNode item) =>
        new(item, string.Create(CultureInfo.InvariantCulture, $"{Path(key)}:{number}"), _problems);

    public void Add(string key, string? found, string allowed) => Add(key, Find(key)?.Source ?? _section.Source, found, allowed);

    /// <summary>Notes every key nobody asked for.</summary>
    /// <param name="notYet">Keys of the documentation that this version does not have.</param>
    public void Finish(params ReadOnlySpan<string> notYet)
    {
        foreach (var (key, node) in _section.Members)
        {
            if (_asked.Contains(Plain(key)))
            {
                continue;
            }

            var isLater = false;
            foreach (var later in notYet)
            {
                isLater |= string.Equals(later, key, StringComparison.OrdinalIgnoreCase);
            }

            var names = _asked.Order(StringComparer.Ordinal);
            var advice = isLater ? "it is not in this version; leave it out"
                : Suggestion.For(key, names) is { } meant ? $"there is no such key; did you mean {meant}?"
                : $"there is no such key; known are {string.Join(", ", names)}";
            _problems.Add(new ConfigurationProblem(Path(key), node.Source, null, advice));
        }
    }

    private static string Plain(string key) => key.Replace("_", "", StringComparison.Ordinal);

    private ConfigurationNode? Find(string key)
    {
        _asked.Add(key);
        if (_section.Members.TryGetValue(key, out var node))
        {
            return node;
        }

        return _section.Members.FirstOrDefault(member => string.Equals(Plain(member.Key), key, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private bool IsWrong(string key) => _problems.Exists(problem => problem.Key == Path(key));

    private void Wrong(string key, ConfigurationNode node, string allowed)
    {
        var isSecret = (key.EndsWith("Password", StringComparison.OrdinalIgnoreCase) || key.EndsWith("PasswordHash", StringComparison.OrdinalIgnoreCase)) && node.Kind is not (NodeKind.List or NodeKind.Section);
        Add(key, node.Source, isSecret ? "(hidden)" : node.Shown, allowed);
    }

    private void Add(string key, string source, string? found, string allowed) =>
        _problems.Add(new ConfigurationProblem(Path(key), source, found, allowed));

    private string Path(string key) => _path.Length == 0 ? key : $"{_path}:{key}";
}
