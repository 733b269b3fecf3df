namespace Strowger.Records.Campaigns;

/// <summary>What its owner wants of a campaign. The values are stored: never renumber.</summary>
public enum CampaignState
{
    /// <summary>Its file is not in its place yet; after a kill it is taken away.</summary>
    Making = 0,

    /// <summary>Its rows go out as fast as its channel, its rate and its hours allow.</summary>
    Running = 1,

    /// <summary>Held by its owner.</summary>
    Paused = 2,

    /// <summary>Nothing more leaves; what was queued is being settled.</summary>
    Cancelling = 3,

    /// <summary>Over, by its owner's will.</summary>
    Cancelled = 4,

    /// <summary>All its rows have left or were refused.</summary>
    Done = 5,
}

/// <summary>When texts may arrive, in the recipient's own time.</summary>
/// <param name="StartMinute">Minute of the day, 0 to 1439.</param>
/// <param name="EndMinute">Minute of the day; before the start: over midnight.</param>
/// <param name="TimeZone">Of recipients whose country has several zones, as in the IANA database.</param>
public sealed record CampaignHours(int StartMinute, int EndMinute, string TimeZone);

/// <summary>A campaign as it was asked for and checked.</summary>
public sealed record CampaignRecord
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string From { get; init; }

    /// <summary>The template.</summary>
    public required string Text { get; init; }

    /// <summary>Null: by the recipient's number.</summary>
    public string? Channel { get; init; }

    /// <summary>Parts a second; null: as fast as the channel.</summary>
    public double? Rate { get; init; }

    public CampaignHours? Hours { get; init; }

    /// <summary>The file's columns, in order.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public required char Delimiter { get; init; }

    /// <summary>Rows of the file, blank ones not counted.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that cannot be sent.</summary>
    public required long BadRows { get; init; }

    /// <summary>Parts that the good rows come to.</summary>
    public required long Parts { get; init; }

    /// <summary>Octets of the file.</summary>
    public required long FileBytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public CampaignState State { get; init; } = CampaignState.Running;

    /// <summary>When it was done or cancelled.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Number prefixes of the routes there were when it was made: they divide its rows, whatever routes there are later.</summary>
    public required IReadOnlyList<string> Prefixes { get; init; }

    /// <summary>One for each time zone and prefix that it has rows of.</summary>
    public required IReadOnlyList<CampaignPass> Passes { get; init; }
}

/// <summary>A way through the file: the rows of one time zone and prefix, in order, and how far it has come.</summary>
/// <param name="TimeZone">Empty when the campaign has no hours.</param>
/// <param name="Prefix">Empty: of numbers with none of the prefixes.</param>
/// <param name="Rows">Good rows in it.</param>
/// <param name="Parts">What they come to.</param>
/// <param name="Row">Rows of the file up to this one, of any pass, have been dealt with.</param>
/// <param name="Offset">Octet of the file at which the next row begins.</param>
/// <param name="Line">Line of the file on which the next row begins.</param>
/// <param name="Taken">Rows that became texts.</param>
/// <param name="IsDone">The end of the file was reached.</param>
public sealed record CampaignPass(string TimeZone, string Prefix, long Rows, long Parts, long Row, long Offset, long Line, long Taken, bool IsDone);

/// <summary>A row that is not sent.</summary>
/// <param name="Line">Of the file, from 1.</param>
public sealed record RefusedRow(long Line, string Code, string Detail);
