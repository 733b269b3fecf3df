namespace Strowger.Server.Configuration;

/// <summary>What a value was written as.</summary>
internal enum NodeKind
{
    Null,
    Text,
    Number,
    Boolean,
    List,
    Section,
}

/// <summary>A value of the configuration with the place it comes from. Keys are the same in any case.</summary>
internal sealed class ConfigurationNode(NodeKind kind, string text, string source)
{
    public NodeKind Kind { get; private set; } = kind;

    /// <summary>A scalar as it was written.</summary>
    public string Text { get; private set; } = text;

    public string Source { get; private set; } = source;

    /// <summary>A scalar that came as text from outside a file: it may be read as a number, a list, a boolean.</summary>
    public bool IsOverride { get; private init; }

    public List<ConfigurationNode> Items { get; } = [];

    public Dictionary<string, ConfigurationNode> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static ConfigurationNode Section(string source) => new(NodeKind.Section, "", source);

    public static ConfigurationNode Override(string text, string source) => new(NodeKind.Text, text, source) { IsOverride = true };

    /// <summary>As it is shown in a message.</summary>
    public string Shown => Kind switch
    {
        NodeKind.Null => "null",
        NodeKind.Text => $"\"{Text}\"",
        NodeKind.List => "a list",
        NodeKind.Section => "a section",
        _ => Text,
    };

    /// <summary>A list or section takes the place of a scalar, when an override goes deeper.</summary>
    public void Become(NodeKind kind, string source)
    {
        Kind = kind;
        Text = "";
        Source = source;
    }
}
