namespace Strowger.Engine;

/// <summary>The right to do one job, until it is completed. A completion with an older token is refused (fencing).</summary>
public readonly record struct Lease(
    JobId Id,
    int Token,
    long BodyPosition,
    byte Part,
    byte Parts,
    byte Attempt,
    Lane Lane,
    ushort Cost)
{
    /// <summary>When it ends unless it is extended, Unix milliseconds; 0 = not by time.</summary>
    public long UntilMs { get; init; }

    /// <summary>Id of the first part: the parent.</summary>
    public JobId Parent => new(Id.Value - Part);
}
