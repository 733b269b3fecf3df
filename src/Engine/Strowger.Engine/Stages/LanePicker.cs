using Strowger.Engine.Queues;

namespace Strowger.Engine.Stages;

/// <summary>
/// Chooses the next job over the queues a stage serves: urgent first, yet normal and bulk keep their shares; within a lane
/// the queues take turns, within a queue its flows do (deficit round robin by cost). Guarded by the engine's lock.
/// </summary>
internal sealed class LanePicker(EngineCore core, Stage stage)
{
    /// <summary>Cost a flow may spend in one turn: small, so that a short campaign is not held up by a long one.</summary>
    private const int Quantum = 4;

    /// <summary>Flows passed over before others are let have the gate; the next look goes on from there.</summary>
    private const int MaxPassed = 4096;

    private readonly List<(JobQueue Queue, uint Bit)> _queues = [];
    private readonly double[] _credit = new double[JobQueue.LaneCount];
    private int _turn;

    public IEnumerable<JobQueue> Queues => _queues.Select(q => q.Queue);

    public void Add(JobQueue queue)
    {
        if (queue.Stages.Contains(stage))
        {
            return;
        }

        var free = queue.Stages.IndexOf(null);
        if (free < 0 && queue.Stages.Count >= JobQueue.MaxStages)
        {
            throw new InvalidOperationException($"At most {JobQueue.MaxStages} stages serve one queue.");
        }

        if (free >= 0)
        {
            queue.Stages[free] = stage;
        }
        else
        {
            queue.Stages.Add(stage);
        }

        _queues.Add((queue, queue.BitOf(stage)));
    }

    /// <summary>When to look again at flows that were passed over for a limit of this stage; infinite when there are none.</summary>
    public TimeSpan HeldFor { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>A flow with work whose jobs nobody has told apart by key; null when there is none.</summary>
    public Flow? Unsorted()
    {
        for (var lane = Lane.Urgent; lane <= Lane.Bulk; lane++)
        {
            foreach (var (queue, _) in _queues)
            {
                var flow = queue.Lanes[(int)lane].Current;
                for (var i = queue.Lanes[(int)lane].Count; i > 0; i--, flow = flow!.NextInRing)
                {
                    if (flow!.Key is null)
                    {
                        return flow;
                    }
                }
            }
        }

        return null;
    }

    public void Clear() => Keep([]);

    /// <summary>All that drain one of its queues.</summary>
    public void WakeStages()
    {
        foreach (var (queue, _) in _queues)
        {
            queue.WakeStages();
        }
    }

    /// <summary>Lets go of all other queues.</summary>
    public void Keep(IReadOnlyCollection<string> names)
    {
        foreach (var (queue, _) in _queues)
        {
            if (!names.Contains(queue.Name))
            {
                queue.Stages[queue.Stages.IndexOf(stage)] = null;
            }
        }

        _queues.RemoveAll(q => !names.Contains(q.Queue.Name));
    }

    public long Ready(Lane lane)
    {
        var ready = 0L;
        foreach (var (queue, _) in _queues)
        {
            ready += queue.Paused ? 0 : queue.ReadyJobs[(int)lane];
        }

        return ready;
    }

    /// <summary>The flow whose head is next; its head is live and may be handed out.</summary>
    public Flow? Next(bool urgentOnly)
    {
        if (urgentOnly)
        {
            return NextIn(Lane.Urgent);
        }

        for (var lane = Lane.Bulk; lane > Lane.Urgent; lane--)
        {
            if (_credit[(int)lane] >= 1)
            {
                _credit[(int)lane] -= 1;
                if (NextIn(lane) is { } owed)
                {
                    return owed;
                }
            }
        }

        for (var lane = Lane.Urgent; lane <= Lane.Bulk; lane++)
        {
            if (NextIn(lane) is { } flow)
            {
                Credit(lane);
                return flow;
            }
        }

        return null;
    }

    private void Credit(Lane served)
    {
        for (var lane = served + 1; lane <= Lane.Bulk; lane++)
        {
            var share = lane == Lane.Normal ? stage.Options.NormalShare : stage.Options.BulkShare;
            _credit[(int)lane] = Ready(lane) > 0 ? _credit[(int)lane] + share : 0;
        }
    }

    private Flow? NextIn(Lane lane)
    {
        for (var i = 0; i < _queues.Count; i++)
        {
            var (queue, bit) = _queues[(_turn + i) % _queues.Count];
            if (!queue.Paused && queue.ReadyJobs[(int)lane] > 0 && NextIn(queue.Lanes[(int)lane], bit) is { } flow)
            {
                _turn = (_turn + i + 1) % _queues.Count;
                return flow;
            }
        }

        return null;
    }

    private Flow? NextIn(FlowRing ring, uint bit)
    {
        // Each flow is looked at until it has gathered enough turns for its head; flows refused here are passed over, and those
        // with as much in hand as one may have, of which there are at most width / flow width.
        var passed = 0;
        var most = stage.Options.FlowWidth ?? int.MaxValue;
        while (ring.Current is { } flow && passed <= ring.Count)
        {
            if (passed > MaxPassed)
            {
                HeldFor = TimeSpan.Zero;
                return null;
            }

            if (IsRefusedHere(flow, bit) || flow.InHand >= most || IsUnsorted(flow))
            {
                ring.Advance();
                passed++;
                continue;
            }

            if (!core.State.SkipDropped(flow))
            {
                ring.Remove(flow);
                continue;
            }

            ref var slot = ref core.State.Jobs.Find(flow.Head);
            if (slot.ExpiresAt != 0 && slot.ExpiresAt * 1000L <= core.NowMs)
            {
                core.TryDrop(flow.Head, EntryKind.Expired, 0);
                continue;
            }

            if (slot.Cost > 1 && stage.Limits.IsActive && stage.Limits.DayLimitOf(flow.Key!)?.PerDay < slot.Cost)
            {
                if (!core.TryRefuse(flow, EngineCodes.OverLimit, stage))
                {
                    ring.Advance();
                    passed++;
                }

                continue;
            }

            if (LacksTokens(flow, slot.Cost))
            {
                continue;
            }

            if (stage.Limits.IsActive && IsHeldHere(flow, slot.Cost, ref passed))
            {
                continue;
            }

            if (ring.Count == 1 || HasTurn(flow, slot.Cost))
            {
                return flow;
            }

            ring.Advance();
            passed = 0;
        }

        return null;
    }

    /// <summary>Passed over where it was refused as a route, as long as some other stage may take it: what all have refused who are left is tried again, not left lying.</summary>
    private static bool IsRefusedHere(Flow flow, uint bit) =>
        (flow.Excluded & bit) != 0 && (flow.Queue.AllBits() & ~flow.Excluded) != 0;

    private bool IsUnsorted(Flow flow)
    {
        if (flow.Key is not null || !stage.Limits.IsActive)
        {
            return false;
        }

        stage.Keys.IsNeeded = true;
        return true;
    }

    /// <summary>By a limit of this stage: it sleeps, or is passed over where another stage may take it.</summary>
    private bool IsHeldHere(Flow flow, int cost, ref int passed)
    {
        var isOnly = flow.Queue.HasOneStage;
        if (stage.Limits.Lacking(flow, cost, isOnly, out var wait) is not { } bucket)
        {
            return false;
        }

        if (isOnly)
        {
            core.Clockwork.Sleep(flow, bucket, wait);
        }
        else
        {
            flow.Queue.Lanes[(int)flow.Lane].Advance();
            passed++;
            HeldFor = HeldFor == Timeout.InfiniteTimeSpan || wait < HeldFor ? wait : HeldFor;
        }

        return true;
    }

    private static bool HasTurn(Flow flow, int cost)
    {
        if (!flow.HasTurn)
        {
            flow.HasTurn = true;
            flow.Deficit += Quantum;
        }

        if (flow.Deficit < cost)
        {
            return false;
        }

        flow.Deficit -= cost;
        return true;
    }

    /// <summary>All its buckets or none; a flow that lacks one sleeps outside the ring until it is there.</summary>
    private bool LacksTokens(Flow flow, int cost)
    {
        var wait = TimeSpan.Zero;
        foreach (var limit in flow.Limits)
        {
            var until = limit.Until(cost);
            wait = until > wait ? until : wait;
        }

        if (wait == TimeSpan.Zero)
        {
            return false;
        }

        core.Clockwork.Sleep(flow, wait);
        return true;
    }
}
