using System.Runtime.CompilerServices;
using Strowger.Engine.Jobs;
using Strowger.Engine.Limits;

namespace Strowger.Engine.Queues;

/// <summary>What happens by itself: due times and expiries by the wall clock, lease ends, grace and sleeping flows by the monotonic one. Guarded by the engine's lock.</summary>
internal sealed class Clockwork(EngineCore core)
{
    /// <summary>Due jobs and expiries taken in one go, so that the gate is not held long.</summary>
    private const int TimersPerTurn = 4096;

    /// <summary>The clockwork looks at least this often, so that a clock set forward is noticed.</summary>
    private const long MaxTurnMs = 50;

    /// <summary>Sleepers of a day's limit look again this often: the wall clock may have been set.</summary>
    private static readonly TimeSpan _longestSleep = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _shortestSleep = TimeSpan.FromMilliseconds(1);

    /// <summary>Flows that sleep by themselves, and buckets that others sleep for.</summary>
    private readonly PriorityQueue<object, long> _sleepers = new();
    private bool _wasStopped;

    public void Sleep(Flow flow, TimeSpan wait)
    {
        flow.Asleep = true;
        flow.Queue.Lanes[(int)flow.Lane].Remove(flow);
        _sleepers.Enqueue(flow, TimestampIn(wait));
    }

    /// <summary>A flow sleeps until a bucket of its stage has room and its turn has come.</summary>
    public void Sleep(Flow flow, LimitBucket bucket, TimeSpan wait)
    {
        flow.Asleep = true;
        flow.Queue.Lanes[(int)flow.Lane].Remove(flow);
        flow.SleepsFor = bucket;
        bucket.AddSleeper(flow, isFirst: flow.HasWaited);
        flow.HasWaited = false;
        if (bucket.TimedAt == 0 || TimestampIn(wait + _shortestSleep) < bucket.TimedAt)
        {
            Time(bucket, wait);
        }
    }

    /// <summary>A bucket's sleepers are looked at after this time, and not at the one that was set before.</summary>
    public void Time(LimitBucket bucket, TimeSpan wait)
    {
        bucket.TimedAt = TimestampIn(wait < _longestSleep ? wait : _longestSleep);
        _sleepers.Enqueue(bucket, bucket.TimedAt);
    }

    public static void Wake(Flow flow)
    {
        flow.Asleep = false;
        flow.SleepsFor = null;
        if (flow.Head != 0 && !flow.Paused)
        {
            flow.Queue.Lanes[(int)flow.Lane].Add(flow);
            flow.Queue.WakeStages();
        }
    }

    /// <summary>Time until <see cref="WakeSleepers"/> is to be called; infinite when nobody sleeps.</summary>
    public TimeSpan UntilNextSleeper() =>
        !_sleepers.TryPeek(out _, out var at) ? Timeout.InfiniteTimeSpan
        : core.Time.GetTimestamp() is var now && at <= now ? TimeSpan.Zero
        : core.Time.GetElapsedTime(now, at);

    /// <summary>Its own limits are others now: it looks again, and sleeps again if it must. One that sleeps for a bucket of its stage goes on sleeping.</summary>
    public void Rouse(Flow flow)
    {
        if (flow.Asleep && _sleepers.Remove(flow, out _, out _))
        {
            Wake(flow);
        }
    }

    /// <summary>Puts flows whose tokens are back into their rings; returns the time until the next one.</summary>
    public TimeSpan WakeSleepers()
    {
        while (_sleepers.TryPeek(out var sleeper, out var at) && at <= core.Time.GetTimestamp())
        {
            _sleepers.Dequeue();
            if (sleeper is Flow flow)
            {
                Wake(flow);
            }
            else if (sleeper is LimitBucket bucket && bucket.TimedAt == at)
            {
                WakeSleepersOf(bucket);
            }
        }

        return UntilNextSleeper();
    }

    /// <summary>As many as there is room for: each has a turn before anybody has a second one.</summary>
    private void WakeSleepersOf(LimitBucket bucket)
    {
        bucket.TimedAt = 0;
        for (var room = bucket.Room(core.NowMs); room > 0 && bucket.TakeSleeper() is { } flow; room--)
        {
            flow.HasWaited = true;
            Wake(flow);
        }

        if (bucket.HasSleepers)
        {
            var wait = bucket.Until(1, core.NowMs);
            Time(bucket, wait > _shortestSleep ? wait : _shortestSleep);
        }
    }

    private long TimestampIn(TimeSpan wait) => core.Time.GetTimestamp() + (long)Math.Ceiling(wait.TotalSeconds * core.Time.TimestampFrequency);

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
