using System.Runtime.CompilerServices;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Events;

/// <summary>
/// Writes entries about jobs: gathers those of one hold of the engine's lock into a record and appends it. When the disk takes
/// nothing, records wait here in order and nothing new is handed out, so there are at most as many as there is work in hand.
/// Guarded by the engine's lock.
/// </summary>
internal sealed class EntryWriter(EngineState state, Journal journal, TimeProvider time)
{
    private readonly EntryBuffer _open = new();
    private readonly List<long> _jobs = new(EngineLimits.MaxEntriesPerRecord);
    private readonly Queue<WaitingRecord> _waiting = new();
    private bool _wantsSync;

    /// <summary>True while records wait for the disk to take them.</summary>
    public bool IsStuck => _waiting.Count > 0;

    /// <summary>Whether the journal takes a record now.</summary>
    public bool CanWrite => _waiting.Count == 0 && journal.Space != JournalSpace.Stopped;

    /// <summary>Writes an entry about a live job and changes its slot by it.</summary>
    public void Write(ref JobSlot slot, long id, EntryKind kind, int attempt, int code, ushort stage, ReadOnlySpan<byte> data)
    {
        if ((slot.Unwritten & JobSlot.InOpenRecord) != 0)
        {
            Flush();
        }

        var entry = new Entry
        {
            Kind = kind,
            Attempt = (byte)Math.Clamp(attempt, 0, 255),
            Code = code,
            Stage = stage,
            Part = slot.Part,
            Parts = slot.Parts,
            Job = id,
            Previous = slot.Position,
            Data = data,
        };
        Add(entry);
        slot.Unwritten |= JobSlot.InOpenRecord;
        EngineState.Apply(ref slot, entry);

        // That a job is in hand is enough with the kernel; what became of it belongs on the disk, though nobody waits for it.
        _wantsSync |= kind is not (EntryKind.Leased or EntryKind.Touched);
        FlushWhenFull();
    }

    /// <summary>Writes a feature's fact about a job, live or finished, or about none.</summary>
    public void AddEvent(long id, int code, ReadOnlySpan<byte> data)
    {
        if (id > 0 && IsInOpenRecord(id))
        {
            Flush();
        }

        var previous = 0L;
        byte part = 0;
        byte parts = 0;
        if (id > 0)
        {
            ref var slot = ref state.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot))
            {
                state.Done.TryGet(id, out previous, out _, out part, out parts);
            }
            else
            {
                slot.Unwritten |= JobSlot.InOpenRecord;
                previous = slot.Position;
                part = slot.Part;
                parts = slot.Parts;
            }
        }

        Add(new Entry { Kind = EntryKind.Event, Code = code, Part = part, Parts = parts, Job = id, Previous = previous, Data = data });
        _wantsSync = true;
        FlushWhenFull();
    }

    /// <summary>Appends the gathered entries as one record, after those that wait; jobs that have ended leave the memory.</summary>
    public void Flush()
    {
        if (_open.Count == 0 && _waiting.Count == 0)
        {
            return;
        }

        if (TryAppendWaiting() && TryAppend(_open.Bytes, Jobs))
        {
            _open.Clear();
            _jobs.Clear();
            if (_wantsSync)
            {
                _wantsSync = false;
                journal.RequestSync();
            }

            return;
        }

        SetAside();
    }

    private ReadOnlySpan<long> Jobs => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_jobs);

    private void Add(in Entry entry)
    {
        _open.Add(entry);
        if (entry.Job > 0)
        {
            _jobs.Add(entry.Job);
        }
    }

    private void FlushWhenFull()
    {
        if (_open.IsFull)
        {
            Flush();
        }
    }

    private bool IsInOpenRecord(long id)
    {
        ref var slot = ref state.Jobs.Find(id);
        return Unsafe.IsNullRef(ref slot) ? _jobs.Contains(id) : (slot.Unwritten & JobSlot.InOpenRecord) != 0;
    }

    private bool TryAppendWaiting()
    {
        while (_waiting.TryPeek(out var record))
        {
            Relink(record.Bytes);
            if (!TryAppend(record.Bytes, record.Jobs))
            {
                return false;
            }

            _waiting.Dequeue();
        }

        return true;
    }

    private bool TryAppend(ReadOnlySpan<byte> entries, ReadOnlySpan<long> jobs)
    {
        if (entries.IsEmpty)
        {
            return true;
        }

        if (journal.Space == JournalSpace.Stopped)
        {
            return false;
        }

        long position;
        try
        {
            position = journal.Append(RecordTypes.Entries, entries, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (JournalFullException)
        {
            return false;
        }

        foreach (var id in jobs)
        {
            state.Settle(id, position);
        }

        return true;
    }

    private void SetAside()
    {
        if (_open.Count == 0)
        {
            return;
        }

        _waiting.Enqueue(new WaitingRecord(_open.Bytes.ToArray(), [.. _jobs]));
        foreach (var id in _jobs)
        {
            ref var slot = ref state.Jobs.Find(id);
            if (!Unsafe.IsNullRef(ref slot))
            {
                slot.Unwritten = JobSlot.InWaitingRecord;
            }
        }

        _open.Clear();
        _jobs.Clear();
    }

    /// <summary>A job may stand in several records that wait: each names the one before, whose position is known only now.</summary>
    private void Relink(Span<byte> record)
    {
        ReadOnlySpan<byte> rest = record;
        while (Entry.TryRead(ref rest, out var entry))
        {
            if (entry.Job > 0)
            {
                var length = Entry.FixedBytes + entry.Data.Length;
                Entry.SetPrevious(record.Slice(record.Length - rest.Length - length, length), state.PositionOf(entry.Job));
            }
        }
    }

    private sealed record WaitingRecord(byte[] Bytes, long[] Jobs);
}
