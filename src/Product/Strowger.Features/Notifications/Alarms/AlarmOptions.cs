namespace Strowger.Features.Notifications.Alarms;

/// <summary>Who is told of alarms, and how often they are looked for.</summary>
public sealed record AlarmOptions
{
    /// <summary>Numbers that get a text and may answer it, in E.164 with '+'. At most 20.</summary>
    public IReadOnlyList<string> TextTo { get; init; } = [];

    /// <summary>The sender of those texts: a number, so that they can be answered.</summary>
    public string TextFrom { get; init; } = string.Empty;

    /// <summary>Channels for them, the preferred first; empty: any.</summary>
    public IReadOnlyList<string> TextChannels { get; init; } = [];

    /// <summary>At most 20.</summary>
    public IReadOnlyList<string> MailTo { get; init; } = [];

    /// <summary>Where people reach this server, for links; null: no links but the server's own address.</summary>
    public string? Url { get; init; }

    /// <summary>Called once a minute while all is well: who misses the call raises the alarm that we cannot.</summary>
    public Uri? Ping { get; init; }

    /// <summary>An alarm that nobody has taken is told again after this. Zero: never. Default 30 minutes.</summary>
    public TimeSpan Remind { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>More alarms at once than this are told in one text and one mail. Default 3, 1 to 100.</summary>
    public int DigestOver { get; init; } = 3;

    /// <summary>How often all is looked at. Default 5 s.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An alarm is over when its cause has been away for this long. Default 30 s.</summary>
    public TimeSpan ClearAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An alarm that comes back within this time is the same one. Default 10 minutes.</summary>
    public TimeSpan Flap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the configuration says of rules, by name.</summary>
    public IReadOnlyDictionary<string, AlarmRule> Rules { get; init; } = new Dictionary<string, AlarmRule>();
}
