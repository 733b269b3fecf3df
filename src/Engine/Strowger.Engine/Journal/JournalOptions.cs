namespace Strowger.Engine.Journaling;

/// <summary>Where the journal lives and its bounds.</summary>
public sealed record JournalOptions
{
    /// <summary>The journal's own directory; made when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes of a segment file, allocated at once; 64 MiB. At least one largest record and the 4096-byte header.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Largest payload in bytes; 1 MiB (a job's body) and 64 KiB (its headers and keys).</summary>
    public int MaxRecordBytes { get; init; } = (1024 + 64) * 1024;

    /// <summary>Bytes appended and not yet synced, kept in memory for a failed sync; 256 MiB. Appends beyond are refused.</summary>
    public int MaxUnsyncedBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>After <see cref="Journal.RequestSync"/>, a sync begins at most this much later; 50 ms.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause between attempts to get disk space back, or a failing disk to work; 1 s.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Segment files held open for reading; 64.</summary>
    public int MaxOpenSegments { get; init; } = 64;

    /// <summary>
    /// Told of every incident, on the thread that met it and with the journal's locks held: it must return soon and must not call
    /// the journal.
    /// </summary>
    public Action<JournalIncident>? OnIncident { get; init; }

    internal void Validate()
    {
        List<string> mistakes = [];
        if (string.IsNullOrWhiteSpace(Directory))
        {
            mistakes.Add("Directory is empty.");
        }

        if (MaxRecordBytes is < 1 or > RecordFormat.MaxPayloadBytes)
        {
            mistakes.Add($"MaxRecordBytes is {MaxRecordBytes}; allowed are 1 to {RecordFormat.MaxPayloadBytes}.");
        }
        else
        {
            int record = RecordFormat.TotalBytes(MaxRecordBytes);
            if (SegmentBytes < record + SegmentHeader.Bytes)
            {
                mistakes.Add($"SegmentBytes is {SegmentBytes}; at least {record + SegmentHeader.Bytes} are needed for one largest record.");
            }

            if (MaxUnsyncedBytes < record)
            {
                mistakes.Add($"MaxUnsyncedBytes is {MaxUnsyncedBytes}; at least {record} are needed for one largest record.");
            }
        }

        if (SyncInterval < TimeSpan.Zero || SyncInterval > TimeSpan.FromHours(1))
        {
            mistakes.Add($"SyncInterval is {SyncInterval}; allowed are 0 to 1 hour.");
        }

        if (RetryInterval <= TimeSpan.Zero || RetryInterval > TimeSpan.FromHours(1))
        {
            mistakes.Add($"RetryInterval is {RetryInterval}; allowed are more than 0 to 1 hour.");
        }

        if (MaxOpenSegments < 1)
        {
            mistakes.Add($"MaxOpenSegments is {MaxOpenSegments}; at least 1 is needed.");
        }

        if (mistakes.Count > 0)
        {
            throw new JournalException(string.Join(" ", mistakes));
        }
    }
}
