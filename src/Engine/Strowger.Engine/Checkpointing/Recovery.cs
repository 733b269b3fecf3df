using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Checkpointing;

/// <summary>Rebuilds the state from the newest whole checkpoint and the records after it.</summary>
internal sealed class Recovery(EngineCore core, string directory, Action<JournalIncident>? onIncident)
{
    private readonly Dictionary<long, long> _pageEnds = [];
    private EngineState State => core.State;

    /// <summary>Returns where the replay began, or −1 when there was no checkpoint, and how much was replayed.</summary>
    public (long From, long Records) Run()
    {
        var from = LoadCheckpoint();
        var records = Replay(Math.Max(from, core.Journal.Begin));
        return (from, records);
    }

    /// <summary>Puts every live job where it belongs. Returns how many were in hand when the last run ended.</summary>
    public long Rebuild()
    {
        var now = core.NowMs;
        var unsure = 0L;
        foreach (var number in State.Jobs.PageNumbers())
        {
            var page = State.Jobs.Page(number)!;
            for (var i = 0; i < JobTable.PageSize; i++)
            {
                ref var slot = ref page.Slots[i];
                if (slot.State != JobState.None)
                {
                    unsure += Place(ref slot, (number << JobTable.PageBits) + i, now);
                }
            }
        }

        return unsure;
    }

    private int Place(ref JobSlot slot, long id, long now)
    {
        if (!State.Flows.Has(slot.Flow))
        {
            // Its name record was damaged: the job is kept, in a queue of its own, for a human to see.
            slot.Flow = core.FlowOf("recovered", Lane.Normal, string.Empty, null, 0).Index;
        }

        var flow = State.Flows[slot.Flow];
        flow.Live++;
        flow.Queue.Live++;
        if (slot.ExpiresAt != 0)
        {
            State.Timers.AddExpiry(id, slot.ExpiresAt);
        }

        if (slot.State is JobState.Leased or JobState.Unsure)
        {
            slot.State = JobState.Unsure;
            flow.Queue.Unsure++;
            State.AddOrphan(slot.Stage, id);
            return 1;
        }

        State.MakeReady(ref slot, id, now, atHead: false);
        return 0;
    }

    private long LoadCheckpoint()
    {
        foreach (var path in CheckpointFile.List(directory))
        {
            if (TryLoad(path, core, _pageEnds, out var from))
            {
                return from;
            }

            onIncident?.Invoke(new JournalIncident(JournalIncidentKind.Damage, 0, 0, $"The checkpoint {Path.GetFileName(path)} is damaged; an older one or the whole journal is used."));
            State.Clear();
            _pageEnds.Clear();
        }

        return -1;
    }

    private static bool TryLoad(string path, EngineCore core, Dictionary<long, long> pageEnds, out long from)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        if (!CheckpointFile.TryReadHeader(file, out from, out var nextId) || from < core.Journal.Begin || from > core.Journal.End)
        {
            return false;
        }

        core.State.NextId = nextId;
        var buffer = new byte[64 * 1024];
        while (CheckpointFile.TryReadSection(file, ref buffer, out var type, out var length))
        {
            if (type == CheckpointFile.EndSection)
            {
                return true;
            }

            if (!TryApplySection(core, type, buffer.AsSpan(0, length), pageEnds))
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryApplySection(EngineCore core, uint type, ReadOnlySpan<byte> payload, Dictionary<long, long> pageEnds)
    {
        switch (type)
        {
            case CheckpointFile.PageSection:
                if (!PageSection.TryRead(payload, core.State.Jobs, out var number, out var end))
                {
                    return false;
                }

                pageEnds[number] = end;
                return true;
            case CheckpointFile.FlowSection:
                return TryAddFlow(core, payload);
            case CheckpointFile.StageSection:
                if (!NameRecord.TryReadStage(payload, out var stage, out var name))
                {
                    return false;
                }

                core.State.StageNames.Add(stage, name);
                return true;
            case CheckpointFile.KeySection:
                KeySection.Read(payload, core.State.Keys);
                return true;
            default:
                return false;
        }
    }

    private static bool TryAddFlow(EngineCore core, ReadOnlySpan<byte> payload)
    {
        if (!NameRecord.TryReadFlow(payload, out var number, out var queue, out var lane, out var name, out var key, out var excluded))
        {
            return false;
        }

        if (core.State.Flows.Has(number))
        {
            var known = core.State.Flows[number];
            if (known.Queue.Name == queue && known.Lane == lane && known.Name == name && known.Key == key && known.Excluded == excluded)
            {
                return true;
            }

            // A flow that was given up has no jobs: whatever names the number from here on means the new one.
            core.State.Flows.Remove(known);
        }

        core.State.Flows.Add(core.State.QueueOf(queue), lane, name, key, excluded, number);
        return true;
    }

    private long Replay(long from)
    {
        var count = 0L;
        var reader = core.Journal.OpenReader(from);
        while (reader.TryRead(out var record))
        {
            count++;
            switch (record.Type)
            {
                case RecordTypes.Enqueue:
                    ReplayEnqueue(record);
                    break;
                case RecordTypes.Entries:
                    ReplayEntries(record);
                    break;
                case RecordTypes.FlowName:
                    TryAddFlow(core, record.Payload);
                    break;
                case RecordTypes.StageName when NameRecord.TryReadStage(record.Payload, out var stage, out var name):
                    State.StageNames.Add(stage, name);
                    break;
                case RecordTypes.Moved when EnqueueRecord.TryRead(record.Payload, out var moved):
                    State.MoveBody(moved.FirstId, moved.Parts, record.Position);
                    break;
                case RecordTypes.DayCounts:
                    State.DayCounts.Replay(record.Payload);
                    break;
                default:
                    break;
            }
        }

        return count;
    }

    private bool IsInPage(long id, long position) =>
        _pageEnds.TryGetValue(id >> JobTable.PageBits, out var end) && position < end;

    private void ReplayEnqueue(in RecordView record)
    {
        if (!EnqueueRecord.TryRead(record.Payload, out var job))
        {
            return;
        }

        for (var part = 0; part < job.Parts; part++)
        {
            var id = job.FirstId + part;
            if (!IsInPage(id, record.Position) && Unsafe.IsNullRef(ref State.Jobs.Find(id)))
            {
                State.AddPart(job, part, record.Position);
            }
        }

        State.NextId = Math.Max(State.NextId, job.FirstId + job.Parts);
        if (job.UniqueKey != default)
        {
            State.Keys.Add(job.UniqueKey, job.FirstId, job.UniqueContent, record.TimeMs);
        }
    }

    private void ReplayEntries(in RecordView record)
    {
        var payload = record.Payload;
        while (Entry.TryRead(ref payload, out var entry))
        {
            if (entry.Job == 0 || IsInPage(entry.Job, record.Position))
            {
                if (entry.Job != 0)
                {
                    State.TouchDone(entry.Job, record.Position);
                }

                continue;
            }

            ref var slot = ref State.Jobs.Find(entry.Job);
            if (!Unsafe.IsNullRef(ref slot))
            {
                EngineState.Apply(ref slot, entry);
            }

            State.Settle(entry.Job, record.Position);
        }
    }
}
