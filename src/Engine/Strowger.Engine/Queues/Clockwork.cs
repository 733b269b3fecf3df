using System.Runtime.CompilerServices;
using Strowger.Engine.Jobs;

namespace Strowger.Engine.Queues;

/// <summary>What happens by itself: due times and expiries by the wall clock, lease ends, grace and sleeping flows by the monotonic one. Guarded by the engine's lock.</summary>
internal sealed class Clockwork(EngineCore core)
{
    /// <summary>Due jobs and expiries taken in one go, so that the gate is not held long.</summary>
    private const int TimersPerTurn = 4096;

    /// <summary>The clockwork looks at least this often, so that a clock set forward is noticed.</summary>
    private const long MaxTurnMs = 50;

    private readonly PriorityQueue<Flow, long> _sleepers = new();
    private bool _wasStopped;

    public void Sleep(Flow flow, TimeSpan wait)
    {
        flow.Asleep = true;
        flow.Queue.Lanes[(int)flow.Lane].Remove(flow);
        _sleepers.Enqueue(flow, core.Time.GetTimestamp() + (long)(wait.TotalSeconds * core.Time.TimestampFrequency));
    }

    /// <summary>Puts flows whose tokens are back into their rings; returns the time until the next one.</summary>
    public TimeSpan WakeSleepers()
    {
        while (_sleepers.TryPeek(out var flow, out var at))
        {
            var now = core.Time.GetTimestamp();
            if (at > now)
            {
                return core.Time.GetElapsedTime(now, at);
            }

            _sleepers.Dequeue();
            flow.Asleep = false;
            if (flow.Head != 0 && !flow.Paused)
            {
                flow.Queue.Lanes[(int)flow.Lane].Add(flow);
                flow.Queue.WakeStages();
            }
        }

        return Timeout.InfiniteTimeSpan;
    }

    /// <summary>Handles what is due; returns the milliseconds to wait.</summary>
    public long RunTimers()
    {
        core.Flush();
        if (!core.CanWrite)
        {
            // What is due waits: nothing could be written of it.
            _wasStopped = true;
            return MaxTurnMs;
        }

        if (_wasStopped)
        {
            _wasStopped = false;
            core.WakeStages();
        }

        var wall = core.NowMs;
        var left = TimersPerTurn;
        JobQueue? woken = null;
        while (left-- > 0 && core.State.Timers.TryTakeWall(wall, out var id, out var kind))
        {
            ref var slot = ref core.State.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot))
            {
                continue;
            }

            if (kind == TimerKind.Expiry)
            {
                core.TryDrop(id, EntryKind.Expired, 0);
            }
            else if (slot.State == JobState.Scheduled && slot.DueMs <= wall)
            {
                var flow = core.State.Flows[slot.Flow];
                flow.Queue.Scheduled--;
                core.State.MakeReady(ref slot, id, wall, atHead: false);
                if (!ReferenceEquals(woken, flow.Queue))
                {
                    woken = flow.Queue;
                    woken.WakeStages();
                }
            }
        }

        core.State.Timers.Compact(core.State.Jobs);
        RunMonotonic();
        WakeSleepers();
        core.Flush();
        return left <= 0 ? 1 : core.State.Timers.UntilNext(wall, core.MonotonicMs, MaxTurnMs);
    }

    private void RunMonotonic()
    {
        var now = core.MonotonicMs;
        while (core.State.Timers.TryTakeMonotonic(now, out var id, out var token, out var kind))
        {
            ref var slot = ref core.State.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot) || slot.Token != token)
            {
                continue;
            }

            if (kind == TimerKind.UnsureGrace && slot.State == JobState.Unsure)
            {
                if (core.StageOf(slot.Stage) is { } holder && holder.Reach.GraceLeft(holder.Options, now) is > 0 and var left)
                {
                    core.State.Timers.AddGrace(id, token, now + left);
                    continue;
                }

                core.DecideUnsure(ref slot, id, core.OptionsOf(slot.Stage));
            }
            else if (kind == TimerKind.LeaseEnd && slot.State == JobState.Leased && slot.Next > now)
            {
                // Extended meanwhile: one timer a lease, however often that happens.
                core.State.Timers.AddLeaseEnd(id, token, slot.Next);
            }
            else if (kind == TimerKind.LeaseEnd && slot.State == JobState.Leased)
            {
                var stage = core.StageOf(slot.Stage);
                stage?.ForgetLease(slot.Cost);
                core.Complete(ref slot, id, Outcome.Retry(EngineCodes.LeaseEnded, TimeSpan.Zero), default, stage);
                core.State.Flows[slot.Flow].Queue.WakeStages();
            }
        }
    }
}
