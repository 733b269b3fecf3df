namespace Strowger.Server.Cli.Kannel;

/// <summary>One line <c>name = value</c> of a kannel.conf, with where it stands.</summary>
internal sealed record KannelLine(string Name, string Value, string File, int Number)
{
    public string Place => $"{File}:{Number}";

    /// <summary>As it is shown to people: never a secret.</summary>
    public string Shown => Name.Contains("pass", StringComparison.OrdinalIgnoreCase) || Name is "pin" ? $"{Name} = (hidden)" : $"{Name} = {TextTable.Clean(Value)}";
}

/// <summary>A stanza between blank lines. Each value that is taken is ticked off; what is left has no counterpart.</summary>
internal sealed class KannelGroup(string name, KannelLine first, IReadOnlyList<KannelLine> lines)
{
    private readonly HashSet<KannelLine> _taken = [];

    public string Name => name;

    public string Place => first.Place;

    /// <summary>The last of a name counts, as in Kannel.</summary>
    public KannelLine? Line(string key)
    {
        KannelLine? found = null;
        foreach (var line in lines)
        {
            if (line.Name == key)
            {
                found = line;
                _taken.Add(line);
            }
        }

        return found;
    }

    public string? Text(string key) => Line(key) is { Value.Length: > 0 } line ? line.Value : null;

    /// <summary>Kannel's own words for yes: yes, true, on, 1.</summary>
    public bool Flag(string key) => Text(key)?.ToLowerInvariant() is "yes" or "true" or "on" or "1";

    public IEnumerable<KannelLine> Left => lines.Where(line => line.Name != "group" && !_taken.Contains(line));
}
