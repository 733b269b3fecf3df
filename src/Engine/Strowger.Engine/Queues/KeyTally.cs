namespace Strowger.Engine.Queues;

/// <summary>What waits of one key in one queue. Guarded by the engine's lock.</summary>
internal sealed class KeyTally
{
    /// <summary>Cost of what is ready, by lane.</summary>
    public readonly long[] Ready = new long[JobQueue.LaneCount];

    /// <summary>Flows of that key.</summary>
    public int Flows;
}
