namespace Strowger.Engine.Queues;

/// <summary>One durable bounded queue: three lanes of flows, and the stages that drain it. Guarded by the engine's lock.</summary>
internal sealed class JobQueue(string name)
{
    public const int LaneCount = 3;

    /// <summary>A job's refusals are kept as bits, so this many stages may serve one queue.</summary>
    public const int MaxStages = 32;

    public readonly string Name = name;
    public readonly FlowRing[] Lanes = [new(), new(), new()];

    /// <summary>Cost of what is ready, by lane.</summary>
    public readonly long[] ReadyCost = new long[LaneCount];
    public readonly long[] ReadyJobs = new long[LaneCount];

    /// <summary>The stages that drain this queue; a stage keeps its place here for good, so bits keep their meaning.</summary>
    public readonly List<Stage?> Stages = [];

    /// <summary>By key, of flows that have one.</summary>
    public readonly Dictionary<string, KeyTally> Tallies = new(StringComparer.Ordinal);

    public long Bound;
    public bool Paused;
    public long Live;
    public long Scheduled;
    public long Leased;
    public long Unsure;

    public long DoneTotal;
    public long DeadTotal;
    public long EnqueuedTotal;

    public long Ready => ReadyJobs[0] + ReadyJobs[1] + ReadyJobs[2];

    public uint BitOf(Stage stage)
    {
        var at = Stages.IndexOf(stage);
        return at < 0 ? 0 : 1u << at;
    }

    /// <summary>Whether no stage but one can take its jobs.</summary>
    public bool HasOneStage
    {
        get
        {
            var count = 0;
            foreach (var stage in Stages)
            {
                count += stage is null ? 0 : 1;
            }

            return count == 1;
        }
    }

    /// <summary>Bits of all stages that serve it now.</summary>
    public uint AllBits()
    {
        var bits = 0u;
        for (var i = 0; i < Stages.Count; i++)
        {
            bits |= Stages[i] is null ? 0 : 1u << i;
        }

        return bits;
    }

    public void WakeStages()
    {
        foreach (var stage in Stages)
        {
            stage?.Wake();
        }
    }
}
