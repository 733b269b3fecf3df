namespace Strowger.Engine;

/// <summary>What a journal entry says of a job. Numbers are part of the journal's format.</summary>
public enum EntryKind : byte
{
    /// <summary>Accepted, with its body (a record of its own).</summary>
    Accepted = 0,

    /// <summary>Handed out to a stage; written before the work starts.</summary>
    Leased = 1,
    Done = 2,

    /// <summary>Failed for now; data of the entry starts with the due time.</summary>
    Retry = 3,

    /// <summary>Refused for a rate or a window; back to the head.</summary>
    Busy = 4,

    /// <summary>Never left; keeps its place.</summary>
    Unreachable = 5,

    /// <summary>Refused by this way, free for others.</summary>
    RouteFault = 6,

    /// <summary>Given up.</summary>
    Dead = 7,
    Unsure = 8,

    /// <summary>An unsure job is handed out once more.</summary>
    Resend = 9,
    Cancelled = 10,
    Expired = 11,

    /// <summary>Whoever holds it is still at it; data of the entry starts with the new end of the lease.</summary>
    Touched = 12,

    /// <summary>A feature's own fact, about a job or about none; <c>Code</c> says which.</summary>
    Event = 20,
}
