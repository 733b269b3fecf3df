using System.Runtime.CompilerServices;

namespace Strowger.Engine.Jobs;

internal enum TimerKind : byte
{
    Due,
    Expiry,
    LeaseEnd,
    UnsureGrace,
}

/// <summary>
/// What is to be looked at later. Due times and expiries go by the wall clock, leases and grace by the monotonic one, so
/// that a clock set by an hour neither ends a lease nor delays one. Entries of jobs that have moved on are ignored when
/// they come up. Guarded by the engine's lock.
/// </summary>
internal sealed class Timers
{
    /// <summary>Below this, 1.5 MiB, there is nothing to gain.</summary>
    private const int MinCompact = 65_536;

    private readonly PriorityQueue<(long Id, TimerKind Kind), long> _wall = new();
    private readonly PriorityQueue<(long Id, int Token, TimerKind Kind), long> _monotonic = new();

    public int Count => _wall.Count + _monotonic.Count;

    public void AddDue(long id, long dueMs) => _wall.Enqueue((id, TimerKind.Due), dueMs);

    public void AddExpiry(long id, uint expiresAt) => _wall.Enqueue((id, TimerKind.Expiry), expiresAt * 1000L);

    public void AddLeaseEnd(long id, int token, long atTicksMs) =>
        _monotonic.Enqueue((id, token, TimerKind.LeaseEnd), atTicksMs);

    public void AddGrace(long id, int token, long atTicksMs) =>
        _monotonic.Enqueue((id, token, TimerKind.UnsureGrace), atTicksMs);

    public bool TryTakeWall(long nowMs, out long id, out TimerKind kind)
    {
        if (_wall.TryPeek(out var entry, out var at) && at <= nowMs)
        {
            _wall.Dequeue();
            (id, kind) = entry;
            return true;
        }

        (id, kind) = (0, default);
        return false;
    }

    public bool TryTakeMonotonic(long nowMs, out long id, out int token, out TimerKind kind)
    {
        if (_monotonic.TryPeek(out var entry, out var at) && at <= nowMs)
        {
            _monotonic.Dequeue();
            (id, token, kind) = entry;
            return true;
        }

        (id, token, kind) = (0, 0, default);
        return false;
    }

    /// <summary>
    /// Lets go of entries whose jobs have moved on, once they are more than those of live jobs: a text with a day to live is
    /// gone in a second, its expiry would stay for the day. Each entry is looked at once for each one added, on average.
    /// </summary>
    public void Compact(JobTable jobs)
    {
        if (_wall.Count <= MinCompact + (2 * jobs.Count))
        {
            return;
        }

        var kept = new List<((long Id, TimerKind Kind), long At)>();
        foreach (var ((id, kind), at) in _wall.UnorderedItems)
        {
            ref var slot = ref jobs.Find(id);
            if (!Unsafe.IsNullRef(ref slot) && (kind == TimerKind.Expiry || (slot.State == JobState.Scheduled && slot.DueMs == at)))
            {
                kept.Add(((id, kind), at));
            }
        }

        _wall.Clear();
        _wall.EnqueueRange(kept);
        _wall.TrimExcess();
    }

    /// <summary>Milliseconds until the next one, at most <paramref name="most"/>.</summary>
    public long UntilNext(long wallMs, long monotonicMs, long most)
    {
        var next = most;
        if (_wall.TryPeek(out _, out var wall))
        {
            next = Math.Min(next, wall - wallMs);
        }

        if (_monotonic.TryPeek(out _, out var monotonic))
        {
            next = Math.Min(next, monotonic - monotonicMs);
        }

        return Math.Max(1, next);
    }
}
