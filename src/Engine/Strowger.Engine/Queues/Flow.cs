using Strowger.Engine.Limits;

namespace Strowger.Engine.Queues;

/// <summary>First in, first out within a customer, a campaign or a key. Linked through the jobs' slots.</summary>
internal sealed class Flow(JobQueue queue, Lane lane, string name, string? key, int index, uint excluded)
{
    public readonly JobQueue Queue = queue;
    public readonly Lane Lane = lane;
    public readonly string Name = name;

    /// <summary>What its jobs count against under a stage's limits; null = nobody has told them apart.</summary>
    public readonly string? Key = key;

    /// <summary>Number in the journal.</summary>
    public readonly int Index = index;

    /// <summary>Bits of the queue's stages that have refused these jobs as a route.</summary>
    public readonly uint Excluded = excluded;

    public long Head;
    public long Tail;

    /// <summary>Ready jobs, without cancelled ones still linked.</summary>
    public long Ready;

    /// <summary>Jobs in any live state.</summary>
    public long Live;

    /// <summary>Jobs handed out now.</summary>
    public int InHand;

    public int Deficit;
    public bool HasTurn;

    /// <summary>Neighbours in the lane's ring; null when not in it.</summary>
    public Flow? NextInRing;
    public Flow? PreviousInRing;

    /// <summary>Buckets that each job of this flow counts against: all of them or none are taken.</summary>
    public TokenBucket[] Limits = [];

    /// <summary>Of all flows of its queue and key; null without a key.</summary>
    public KeyTally? Tally;

    /// <summary>The bucket of a stage that it sleeps for; null = awake, or asleep for one of its own.</summary>
    public LimitBucket? SleepsFor;

    /// <summary>The next that sleeps for the same bucket of a stage.</summary>
    public Flow? NextSleeper;

    /// <summary>It has slept for a bucket and goes before those that come now.</summary>
    public bool HasWaited;

    /// <summary>When it last took a job, milliseconds of the monotonic clock: idle ones are given up.</summary>
    public long LastUsedMs;

    /// <summary>Given up because it was idle; the next job under its name makes a new one.</summary>
    public bool IsRemoved;

    /// <summary>True while it waits for tokens, outside the ring.</summary>
    public bool Asleep;

    /// <summary>Held back by its <see cref="FlowGroup"/>, outside the ring.</summary>
    public bool Paused;
}
