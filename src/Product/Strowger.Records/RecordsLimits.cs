namespace Strowger.Records;

/// <summary>The bounds of what the stores hold, each with the reason for its number.</summary>
public static class RecordsLimits
{
    /// <summary>API keys; all of them fit in memory for a constant-time look-up.</summary>
    public const int MaxKeys = 10_000;

    /// <summary>Channels and routes; each channel owns sockets and a stage.</summary>
    public const int MaxSeeded = 1_000;

    /// <summary>Length of a name of a key, channel, route or setting, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Bytes of one channel's JSON, one route's JSON or one setting.</summary>
    public const int MaxValueBytes = 64 * 1024;

    /// <summary>Addresses told of events; each event is matched against all of them.</summary>
    public const int MaxWebhooks = 200;

    /// <summary>Alarms kept once cleared; years of nights.</summary>
    public const int MaxAlarms = 10_000;

    /// <summary>Deliveries of webhooks listed: some 300 MB. Those before are gone from the list, not from the journal.</summary>
    public const int MaxDeliveries = 2_000_000;

    /// <summary>Audit entries kept; at 200 changes a day this is more than 10 years.</summary>
    public const int MaxAuditEntries = 1_000_000;

    /// <summary>Unused login links at a time; the oldest goes first.</summary>
    public const int MaxLoginTokens = 100;

    /// <summary>Users of the console: a large company's operations and support.</summary>
    public const int MaxUsers = 1_000;

    /// <summary>Links that show one message to others, at a time; the oldest goes first.</summary>
    public const int MaxShares = 10_000;

    /// <summary>Console sessions at a time; the oldest goes first.</summary>
    public const int MaxSessions = 1_000;

    /// <summary>Rows of one page of a list.</summary>
    public const int MaxPage = 1_000;

    /// <summary>Rows of a page when none is asked for.</summary>
    public const int DefaultPage = 100;

    /// <summary>Rows one list call may look at: 400,000 x 0.3 µs = 120 ms. Then the page is short and carries a cursor.</summary>
    public const int MaxExamined = 400_000;

    /// <summary>Counts stop here and are said to be "at least".</summary>
    public const int CountCap = 10_000;

    /// <summary>How long a writer waits for another process's lock on a database.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);
}
