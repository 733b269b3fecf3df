namespace Strowger.Engine;

/// <summary>A job as it stands now. <paramref name="Position"/> is its newest record, from which its history is read backwards.</summary>
public readonly record struct JobInfo(
    JobId Id, JobState State, byte Part, byte Parts, byte Attempts, long Position, long DueMs, string Stage)
{
    /// <summary>Of a live job; empty of a finished one.</summary>
    public string Queue { get => field ?? string.Empty; init; }

    /// <summary>Of a live job: attempts after which it is given up, 0 = by its stage.</summary>
    public byte MaxAttempts { get; init; }

    /// <summary>Of a live job: the record that holds its body, which is kept as long as it lives; 0 of a finished one.</summary>
    internal long BodyPosition { get; init; }
}
