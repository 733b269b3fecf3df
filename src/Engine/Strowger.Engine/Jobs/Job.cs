namespace Strowger.Engine;

/// <summary>A job in hand, with its body, for a stage with a handler.</summary>
public sealed record Job(Lease Lease, long AcceptedMs, ReadOnlyMemory<byte> Headers, ReadOnlyMemory<byte> Body)
{
    public JobId Id => Lease.Id;

    public int Attempt => Lease.Attempt;
}

/// <summary>Does one job. It is called at least once for each job and at most <see cref="StageOptions.Width"/> times at once.</summary>
public delegate ValueTask<Outcome> JobHandler(Job job, CancellationToken cancel);
