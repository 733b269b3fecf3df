namespace Strowger.Engine;

/// <summary>One fact from the log, as a view: copy what is kept.</summary>
public readonly ref struct EngineEvent
{
    /// <summary>Position in the log for cursors and clients: strictly increasing, under 2⁵³.</summary>
    public EventPosition Position { get; init; }

    /// <summary>Position of the record, for reading it again.</summary>
    public long Record { get; init; }

    public long TimeMs { get; init; }

    public EntryKind Kind { get; init; }

    /// <summary>Default when it is about no job. Of an acceptance: the first part.</summary>
    public JobId Job { get; init; }

    /// <summary>How many parts its parent has; 0 when it is about no job or was written before this was kept.</summary>
    public int Parts { get; init; }

    /// <summary>Which part of its parent the job is, from 0.</summary>
    public byte Part { get; init; }

    /// <summary>Id of the first part.</summary>
    public JobId Parent => new(Job.Value - Part);

    public byte Attempt { get; init; }

    public int Code { get; init; }

    /// <summary>Number of the stage, see <see cref="JobEngine.StageName"/>.</summary>
    public int Stage { get; init; }

    public Lane Lane { get; init; }

    /// <summary>When an accepted or failed job is due; of a lease that outlives the process, when it ends. Unix milliseconds, 0 = none.</summary>
    public long DueMs { get; init; }

    public long ExpiresMs { get; init; }

    /// <summary>Of an acceptance: attempts after which it is given up, 0 = by its stage.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>Record of the event before about the same job, 0 = none.</summary>
    public long Previous { get; init; }

    /// <summary>The feature's data; of an acceptance: the body.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    public ReadOnlySpan<byte> Headers { get; init; }
}

/// <summary>A place in the event log: which record, and which entry of it. As a number it fits JSON's 53 bits up to 128 TiB of log.</summary>
public readonly record struct EventPosition(long Value) : IComparable<EventPosition>
{
    private const int IndexBits = 10;

    internal static EventPosition Of(long record, int index) => new(((record >> 3) << IndexBits) | (uint)index);

    internal long Record => (Value >> IndexBits) << 3;

    internal int Index => (int)(Value & ((1 << IndexBits) - 1));

    public int CompareTo(EventPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(EventPosition left, EventPosition right) => left.Value < right.Value;
    public static bool operator >(EventPosition left, EventPosition right) => left.Value > right.Value;
    public static bool operator <=(EventPosition left, EventPosition right) => left.Value <= right.Value;
    public static bool operator >=(EventPosition left, EventPosition right) => left.Value >= right.Value;
}
