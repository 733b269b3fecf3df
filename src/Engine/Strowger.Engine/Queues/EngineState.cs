using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Limits;

namespace Strowger.Engine.Queues;

/// <summary>
/// All that the engine knows of its jobs, rebuilt from checkpoint and journal. Everything here is guarded by
/// <see cref="Gate"/>; nothing here waits or reads a file (but for a page of the index of finished jobs).
/// </summary>
internal sealed class EngineState(DoneIndex done, long queueBound)
{
    public readonly Lock Gate = new();
    public readonly JobTable Jobs = new();
    public readonly Timers Timers = new();
    public readonly UniqueKeys Keys = new();
    public readonly DoneIndex Done = done;
    public readonly FlowTable Flows = new();
    public readonly Dictionary<string, JobQueue> Queues = new(StringComparer.Ordinal);
    public readonly StageNames StageNames = new();
    public readonly DayCounts DayCounts = new();

    /// <summary>Unsure since the last run, by the stage that held them.</summary>
    private readonly Dictionary<ushort, List<long>> _orphans = [];

    public long NextId = 1;

    public void AddOrphan(ushort stage, long id)
    {
        if (!_orphans.TryGetValue(stage, out var ids))
        {
            _orphans.Add(stage, ids = []);
        }

        ids.Add(id);
    }

    public List<long> TakeAllOrphans()
    {
        List<long> all = [.. _orphans.Values.SelectMany(ids => ids)];
        _orphans.Clear();
        return all;
    }

    public List<long> TakeOrphans(ushort stage) => _orphans.Remove(stage, out var ids) ? ids : [];

    /// <summary>Slots for all parts of an accepted job; its ids are taken.</summary>
    public void AddParts(in EnqueueRecord record, long firstId, long position, Flow flow)
    {
        for (var part = 0; part < record.Parts; part++)
        {
            AddPart(record, firstId, part, position, flow.Index);
        }

        flow.Live += record.Parts;
        flow.Queue.Live += record.Parts;
        flow.Queue.EnqueuedTotal += record.Parts;
        NextId = Math.Max(NextId, firstId + record.Parts);
    }

    /// <summary>One part as its record says, during replay.</summary>
    public void AddPart(in EnqueueRecord record, int part, long position) =>
        AddPart(record, record.FirstId, part, position, record.Flow);

    /// <summary>The body of a job stands at another place now.</summary>
    public void MoveBody(long firstId, int parts, long position)
    {
        for (var id = firstId; id < firstId + parts; id++)
        {
            ref var slot = ref Jobs.Find(id);
            if (!Unsafe.IsNullRef(ref slot))
            {
                slot.BodyPosition = Math.Max(slot.BodyPosition, position);
            }
        }
    }

    /// <summary>A finished job's index points at its newest record, seen again during replay.</summary>
    public void TouchDone(long id, long position)
    {
        if (Done.TryGet(id, out var known, out var state, out var part, out var parts) && known < position)
        {
            Done.Set(id, position, state, part, parts);
        }
    }

    /// <summary>Forgets everything that a damaged checkpoint brought.</summary>
    public void Clear()
    {
        foreach (var number in Jobs.PageNumbers())
        {
            for (var id = number << JobTable.PageBits; id < (number + 1) << JobTable.PageBits; id++)
            {
                if (!Unsafe.IsNullRef(ref Jobs.Find(id)))
                {
                    Jobs.Remove(id);
                }
            }
        }

        foreach (var flow in Flows.All.ToArray())
        {
            Flows.Remove(flow);
        }

        NextId = 1;
    }

    private void AddPart(in EnqueueRecord record, long firstId, int part, long position, int flow)
    {
        ref var slot = ref Jobs.Add(firstId + part);
        slot.Position = slot.BodyPosition = position;
        slot.DueMs = record.DueMs;
        slot.ExpiresAt = record.ExpiresAt;
        slot.Flow = flow;
        slot.Cost = record.Cost;
        slot.MaxAttempts = record.MaxAttempts;
        slot.State = JobState.Accepted;
        slot.Part = (byte)part;
        slot.Parts = record.Parts;
    }

    public JobQueue QueueOf(string name)
    {
        if (!Queues.TryGetValue(name, out var queue))
        {
            if (Queues.Count >= EngineLimits.MaxQueues)
            {
                throw new InvalidOperationException($"At most {EngineLimits.MaxQueues} queues.");
            }

            queue = new JobQueue(name) { Bound = queueBound };
            Queues.Add(name, queue);
        }

        return queue;
    }

    /// <summary>Changes a slot as an entry says; the same when it happens and when it is replayed.</summary>
    public static void Apply(ref JobSlot slot, in Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Leased:
                slot.State = JobState.Leased;
                slot.Stage = entry.Stage;
                slot.Token++;
                slot.DueMs = entry.Data.IsEmpty ? slot.DueMs : RetryData.ReadDue(entry.Data);
                break;
            case EntryKind.Touched:
                slot.DueMs = RetryData.ReadDue(entry.Data);
                break;
            case EntryKind.Done:
                slot.State = JobState.Done;
                break;
            case EntryKind.Dead:
                slot.State = JobState.Dead;
                break;
            case EntryKind.Cancelled:
                slot.State = JobState.Cancelled;
                break;
            case EntryKind.Expired:
                slot.State = JobState.Expired;
                break;
            case EntryKind.Retry:
                slot.State = JobState.Scheduled;
                slot.DueMs = RetryData.ReadDue(entry.Data);
                break;
            case EntryKind.Busy or EntryKind.Unreachable:
                slot.State = JobState.Ready;
                slot.DueMs = 0;
                break;
            case EntryKind.RouteFault:
                slot.State = JobState.Ready;
                slot.DueMs = 0;
                slot.Flow = RetryData.ReadFlow(entry.Data);
                break;
            case EntryKind.Unsure:
                slot.State = JobState.Unsure;
                break;
            case EntryKind.Resend:
                slot.State = JobState.Ready;
                slot.DueMs = 0;
                slot.Resends++;
                break;
            default:
                return;
        }

        slot.Attempts = entry.Attempt;
    }

    /// <summary>The job's newest record is at <paramref name="position"/>; a finished job leaves the memory.</summary>
    public void Settle(long id, long position)
    {
        ref var slot = ref Jobs.Find(id);
        if (Unsafe.IsNullRef(ref slot))
        {
            if (Done.TryGet(id, out _, out var state, out var part, out var parts))
            {
                Done.Set(id, position, state, part, parts);
            }

            return;
        }

        slot.Position = position;
        slot.Unwritten = 0;
        if (slot.State.IsOver())
        {
            Done.Set(id, position, slot.State, slot.Part, slot.Parts);
            if (slot.Linked == 0)
            {
                Jobs.Remove(id);
            }
        }
    }

    /// <summary>Newest record about a job, live or finished; 0 when it is not known.</summary>
    public long PositionOf(long id)
    {
        ref var slot = ref Jobs.Find(id);
        return !Unsafe.IsNullRef(ref slot) ? slot.Position : Done.TryGet(id, out var position, out _, out _, out _) ? position : 0;
    }

    /// <summary>Takes an accepted, retried or resent job into its flow or its wait.</summary>
    public void MakeReady(ref JobSlot slot, long id, long nowMs, bool atHead)
    {
        var flow = Flows[slot.Flow];
        var queue = flow.Queue;
        if (slot.DueMs > nowMs)
        {
            slot.State = JobState.Scheduled;
            queue.Scheduled++;
            Timers.AddDue(id, slot.DueMs);
            return;
        }

        slot.State = JobState.Ready;
        Link(ref slot, id, flow, atHead);
    }

    public void Link(ref JobSlot slot, long id, Flow flow, bool atHead)
    {
        slot.Linked = 1;
        if (flow.Head == 0)
        {
            slot.Next = 0;
            flow.Head = flow.Tail = id;
        }
        else if (atHead)
        {
            slot.Next = flow.Head;
            flow.Head = id;
        }
        else
        {
            slot.Next = 0;
            Jobs.Find(flow.Tail).Next = id;
            flow.Tail = id;
        }

        flow.Ready++;
        flow.Queue.ReadyJobs[(int)flow.Lane]++;
        flow.Queue.ReadyCost[(int)flow.Lane] += slot.Cost;
        if (flow.Tally is { } tally)
        {
            tally.Ready[(int)flow.Lane] += slot.Cost;
        }

        if (!flow.Asleep && !flow.Paused)
        {
            flow.Queue.Lanes[(int)flow.Lane].Add(flow);
        }
    }

    /// <summary>Takes the head off its flow.</summary>
    public static void UnlinkHead(ref JobSlot slot, Flow flow)
    {
        flow.Head = slot.Next;
        if (flow.Head == 0)
        {
            flow.Tail = 0;
        }

        slot.Next = 0;
        slot.Linked = 0;
        CountOut(ref slot, flow);
    }

    /// <summary>No longer ready, though perhaps still linked.</summary>
    public static void CountOut(ref JobSlot slot, Flow flow)
    {
        flow.Ready--;
        flow.Queue.ReadyJobs[(int)flow.Lane]--;
        flow.Queue.ReadyCost[(int)flow.Lane] -= slot.Cost;
        if (flow.Tally is { } tally)
        {
            tally.Ready[(int)flow.Lane] -= slot.Cost;
        }
    }

    /// <summary>Drops cancelled and expired jobs from the front of a flow. False when nothing is left.</summary>
    public bool SkipDropped(Flow flow)
    {
        while (flow.Head != 0)
        {
            ref var slot = ref Jobs.Find(flow.Head);
            if (!slot.State.IsOver())
            {
                return true;
            }

            var id = flow.Head;
            flow.Head = slot.Next;
            slot.Linked = 0;
            if (slot.Unwritten == 0)
            {
                Jobs.Remove(id);
            }
        }

        flow.Tail = 0;
        return false;
    }

    /// <summary>Counts a job that has come to its end.</summary>
    public static void CountFinal(Flow flow, JobState state)
    {
        flow.Live--;
        flow.Queue.Live--;
        if (state == JobState.Done)
        {
            flow.Queue.DoneTotal++;
        }
        else
        {
            flow.Queue.DeadTotal++;
        }
    }
}
