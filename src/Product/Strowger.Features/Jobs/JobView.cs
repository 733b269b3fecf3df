using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A job with all that is known of it. Times are Unix milliseconds, 0 = none.</summary>
public sealed record JobView
{
    public required JobId Id { get; init; }

    public required string Queue { get; init; }

    /// <summary>scheduled, ready, leased, done, dead, cancelled or expired.</summary>
    public required string State { get; init; }

    public required Lane Lane { get; init; }

    public required string Flow { get; init; }

    public int Attempts { get; init; }

    public int MaxAttempts { get; init; }

    public long EnqueuedMs { get; init; }

    /// <summary>When it is due, or was.</summary>
    public long DueMs { get; init; }

    public long ExpiresMs { get; init; }

    public long LeaseUntilMs { get; init; }

    public long FinishedMs { get; init; }

    /// <summary>Why it does not run; null when it does or is over.</summary>
    public JobReason? WaitsFor { get; init; }

    /// <summary>Why its last attempt failed, or it was given up; null when it did not.</summary>
    public JobReason? Error { get; init; }

    /// <summary>Of a job given up and put back: the job that it is now; none of others.</summary>
    public JobId RequeuedAs { get; init; }

    /// <summary>JSON, empty when there is none.</summary>
    public ReadOnlyMemory<byte> Progress { get; init; }

    /// <summary>JSON, empty when there is none.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    public bool IsOctets { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A JSON object, or nothing.</summary>
    public ReadOnlyMemory<byte> Headers { get; init; }
}

/// <summary>A stable code and what it means in words.</summary>
public sealed record JobReason(string Code, string Detail);
