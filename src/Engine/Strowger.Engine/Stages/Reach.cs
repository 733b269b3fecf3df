using Strowger.Engine.Queues;

namespace Strowger.Engine.Stages;

/// <summary>How many the other side of a stage can take, and since when it can be reached or cannot. Guarded by the engine's lock.</summary>
internal sealed class Reach(EngineCore core)
{
    private long _sinceMs = long.MinValue / 2;

    /// <summary>0 while it cannot be reached.</summary>
    public int Capacity { get; private set; } = int.MaxValue;

    public void Change(int capacity)
    {
        if (Capacity > 0 != capacity > 0)
        {
            _sinceMs = core.MonotonicMs;
        }

        Capacity = Math.Max(0, capacity);
    }

    /// <summary>Milliseconds after which to look again whether an unsure job may be decided, 0 = it may: what settles it comes the way that is down.</summary>
    public long GraceLeft(StageOptions options, long nowMs)
    {
        var grace = (long)options.UnsureGrace.TotalMilliseconds;
        var passed = nowMs - _sinceMs;
        return Capacity > 0 ? Math.Max(0, grace - passed)
            : passed < options.UnsureGraceDown.TotalMilliseconds ? Math.Max(1000, grace)
            : 0;
    }
}
