namespace Strowger.Engine.Journaling;

/// <summary>What an incident is about.</summary>
public enum JournalIncidentKind
{
    /// <summary>The last bytes are no whole record and nothing follows them: a crash cut them short. They have been removed.</summary>
    TornTail,

    /// <summary>Bytes between good records do not check; they are skipped.</summary>
    Damage,

    /// <summary>Positions that no segment file holds any more.</summary>
    MissingSegment,

    /// <summary>A segment's header does not check; its records are read all the same, each by its own checksum.</summary>
    DamagedHeader,

    /// <summary>The disk failed to give back bytes.</summary>
    ReadFailed,

    /// <summary>A write failed; what was not yet synced goes to a new segment.</summary>
    WriteFailed,

    /// <summary>A sync failed; what was not yet synced goes to a new segment.</summary>
    SyncFailed,

    /// <summary>A sync took a second or more.</summary>
    SlowSync,

    /// <summary>What was not yet synced now stands, synced, in a new segment.</summary>
    Moved,

    /// <summary>The next segment could not be allocated.</summary>
    SpareFailed,

    /// <summary><see cref="Journal.Space"/> changed.</summary>
    SpaceChanged,

    /// <summary>A segment file could not be deleted.</summary>
    DeleteFailed,

    /// <summary>The <see cref="Journal.Durable"/> callback threw.</summary>
    CallbackFailed,
}

/// <summary>Something the operator should know of.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Position">The journal position it begins at.</param>
/// <param name="Length">Bytes concerned, 0 when that has no meaning.</param>
/// <param name="Message">What happened, in words.</param>
/// <param name="Error">The failure behind it, if any.</param>
public sealed record JournalIncident(JournalIncidentKind Kind, long Position, long Length, string Message, Exception? Error = null);
