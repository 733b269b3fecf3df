using Strowger.Engine.Queues;

namespace Strowger.Engine;

/// <summary>A queue as it stands now; ready jobs and their cost by lane (urgent, normal, bulk).</summary>
public sealed record QueueInfo(
    string Name,
    long Bound,
    bool Paused,
    long Live,
    IReadOnlyList<long> ReadyJobs,
    IReadOnlyList<long> ReadyCost,
    long Scheduled,
    long Leased,
    long Unsure,
    long EnqueuedTotal,
    long DoneTotal,
    long DeadTotal,
    int Flows)
{
    public long Ready => ReadyJobs[0] + ReadyJobs[1] + ReadyJobs[2];

    internal static QueueInfo Of(JobQueue queue) => new(
        queue.Name,
        queue.Bound,
        queue.Paused,
        queue.Live,
        [.. queue.ReadyJobs],
        [.. queue.ReadyCost],
        queue.Scheduled,
        queue.Leased,
        queue.Unsure,
        queue.EnqueuedTotal,
        queue.DoneTotal,
        queue.DeadTotal,
        queue.Lanes.Sum(lane => lane.Count));
}
