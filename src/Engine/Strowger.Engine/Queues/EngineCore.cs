using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Queues;

/// <summary>
/// The moves of a job's life: each writes an entry and changes the state by it. All of it under the state's gate; the
/// entries gathered since the last <see cref="Flush"/> go into the journal as one record.
/// </summary>
internal sealed class EngineCore(EngineState state, Journal journal, TimeProvider time, Random random)
{
    /// <summary>Due jobs and expiries taken in one go, so that the gate is not held long.</summary>
    private const int TimersPerTurn = 4096;

    /// <summary>The clockwork looks at least this often, so that a clock set forward is noticed.</summary>
    private const long MaxTurnMs = 50;

    private readonly EntryBuffer _entries = new();
    private readonly List<long> _concerned = new(EngineLimits.MaxEntriesPerRecord);
    private readonly PriorityQueue<Flow, long> _sleepers = new();
    private readonly byte[] _scratch = new byte[EngineLimits.MaxEntryDataBytes + 16];

    public EngineState State { get; } = state;

    public Journal Journal { get; } = journal;

    public TimeProvider Time { get; } = time;

    public Random Random { get; } = random;

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public long MonotonicMs => (long)(Time.GetTimestamp() * 1000.0 / Time.TimestampFrequency);

    public Flow FlowOf(string queueName, Lane lane, string name, uint excluded)
    {
        if (State.Flows.Find(queueName, lane, name, excluded) is { } known)
        {
            return known;
        }

        if (State.Flows.Count >= EngineLimits.MaxFlows && name.Length > 0)
        {
            // More names than a box has customers: they share one flow, they are not refused.
            return FlowOf(queueName, lane, string.Empty, excluded);
        }

        Flush();
        var index = State.Flows.TakeIndex();
        Journal.Append(RecordTypes.FlowName, NameRecord.Flow(index, queueName, lane, name, excluded), NowMs);
        return State.Flows.Add(State.QueueOf(queueName), lane, name, excluded, index);
    }

    public ushort StageNumber(string name)
    {
        var number = State.StageNames.Find(name);
        if (number == 0)
        {
            Flush();
            number = (ushort)State.StageNames.Count;
            Journal.Append(RecordTypes.StageName, NameRecord.Stage(number, name), NowMs);
            State.StageNames.Add(number, name);
        }

        return number;
    }

    /// <summary>Writes an entry about a live job and changes its slot by it.</summary>
    public void Write(ref JobSlot slot, long id, EntryKind kind, int attempt, int code, ushort stage, ReadOnlySpan<byte> data)
    {
        if (slot.Reserved1 != 0)
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
            Job = id,
            Previous = slot.Position,
            Data = data,
        };
        _entries.Add(entry);
        _concerned.Add(id);
        slot.Reserved1 = 1;
        EngineState.Apply(ref slot, entry);
        if (_entries.IsFull)
        {
            Flush();
        }
    }

    public void AppendEvent(long id, int code, ReadOnlySpan<byte> data)
    {
        var previous = 0L;
        byte part = 0;
        if (id > 0)
        {
            ref var slot = ref State.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot))
            {
                State.Done.TryGet(id, out previous, out _, out part, out _);
                if (previous != 0 && _concerned.Contains(id))
                {
                    Flush();
                    State.Done.TryGet(id, out previous, out _, out _, out _);
                }
            }
            else
            {
                if (slot.Reserved1 != 0)
                {
                    Flush();
                    AppendEvent(id, code, data);
                    return;
                }

                slot.Reserved1 = 1;
                previous = slot.Position;
                part = slot.Part;
            }

            _concerned.Add(id);
        }

        _entries.Add(new Entry { Kind = EntryKind.Event, Code = code, Part = part, Job = id, Previous = previous, Data = data });
        if (_entries.IsFull)
        {
            Flush();
        }
    }

    /// <summary>Appends the gathered entries as one record; jobs that have ended leave the memory.</summary>
    public void Flush()
    {
        if (_entries.Count == 0)
        {
            return;
        }

        long position;
        try
        {
            position = _entries.AppendTo(Journal, NowMs);
        }
        catch (JournalFullException)
        {
            // The reserve is used up: what happened stays in memory until there is space, and nothing new is handed out.
            IsStuck = true;
            return;
        }

        IsStuck = false;
        foreach (var id in _concerned)
        {
            State.Settle(id, position);
        }

        _concerned.Clear();
    }

    /// <summary>Ends a job that waits, as cancelled or expired.</summary>
    public bool TryDrop(long id, EntryKind kind, int code)
    {
        ref var slot = ref State.Jobs.Find(id);
        if (Unsafe.IsNullRef(ref slot) || slot.State is not (JobState.Ready or JobState.Scheduled or JobState.Accepted))
        {
            return false;
        }

        var flow = State.Flows[slot.Flow];
        if (slot.State == JobState.Ready)
        {
            EngineState.CountOut(ref slot, flow);
        }
        else if (slot.State == JobState.Scheduled)
        {
            flow.Queue.Scheduled--;
        }

        Write(ref slot, id, kind, slot.Attempts, code, slot.Stage, default);
        EngineState.CountFinal(flow, kind == EntryKind.Cancelled ? JobState.Cancelled : JobState.Expired);
        return true;
    }

    /// <summary>The one place where an outcome decides the next state.</summary>
    public void Complete(ref JobSlot slot, long id, in Outcome outcome, ReadOnlySpan<byte> data, Stage? stage)
    {
        var flow = State.Flows[slot.Flow];
        var queue = flow.Queue;
        if (slot.State == JobState.Leased)
        {
            queue.Leased--;
            flow.InHand--;
        }
        else
        {
            queue.Unsure--;
        }

        var options = stage?.Options ?? StageOptions.Fallback;
        switch (outcome.Kind)
        {
            case OutcomeKind.Done:
                Write(ref slot, id, EntryKind.Done, slot.Attempts, outcome.Code, slot.Stage, data);
                EngineState.CountFinal(flow, JobState.Done);
                break;
            case OutcomeKind.Permanent:
                Write(ref slot, id, EntryKind.Dead, slot.Attempts, outcome.Code, slot.Stage, data);
                EngineState.CountFinal(flow, JobState.Dead);
                break;
            case OutcomeKind.Busy or OutcomeKind.Narrow:
                Back(ref slot, id, EntryKind.Busy, outcome.Code, data);
                break;
            case OutcomeKind.Unreachable:
                Back(ref slot, id, EntryKind.Unreachable, outcome.Code, data);
                break;
            case OutcomeKind.RouteFault:
                Reroute(ref slot, id, flow, outcome.Code, data, stage);
                break;
            case OutcomeKind.Unsure:
                Write(ref slot, id, EntryKind.Unsure, slot.Attempts, outcome.Code, slot.Stage, data);
                queue.Unsure++;
                State.Timers.AddGrace(id, slot.Token, MonotonicMs + (long)options.UnsureGrace.TotalMilliseconds);
                break;
            case OutcomeKind.Retry when slot.Attempts >= options.MaxAttempts:
                Write(ref slot, id, EntryKind.Dead, slot.Attempts, outcome.Code, slot.Stage, data);
                EngineState.CountFinal(flow, JobState.Dead);
                break;
            default:
                var wait = outcome.Value >= 0 ? outcome.Value : options.Backoff.Next(slot.Attempts, Random);
                BinaryPrimitives.WriteInt64LittleEndian(_scratch, NowMs + wait);
                data.CopyTo(_scratch.AsSpan(RetryData.DueBytes));
                Write(ref slot, id, EntryKind.Retry, slot.Attempts, outcome.Code, slot.Stage, _scratch.AsSpan(0, RetryData.DueBytes + data.Length));
                State.MakeReady(ref slot, id, NowMs, atHead: false);
                break;
        }
    }

    /// <summary>An unsure job whose grace is over: handed out again, or held for a human.</summary>
    public void DecideUnsure(ref JobSlot slot, long id, StageOptions options)
    {
        var flow = State.Flows[slot.Flow];
        flow.Queue.Unsure--;
        if (options.WhenUnsure == WhenUnsure.Resend && slot.Resends < options.MaxResends)
        {
            Write(ref slot, id, EntryKind.Resend, slot.Attempts, 0, slot.Stage, default);
            State.MakeReady(ref slot, id, NowMs, atHead: true);
            flow.Queue.WakeStages();
        }
        else
        {
            Write(ref slot, id, EntryKind.Dead, slot.Attempts, EngineCodes.HeldUnsure, slot.Stage, default);
            EngineState.CountFinal(flow, JobState.Dead);
        }
    }

    /// <summary>Jobs left unsure by a crash get their grace when their stage is back.</summary>
    public void AdoptUnsure(Stage stage)
    {
        foreach (var id in State.TakeOrphans(stage.Number))
        {
            ref var slot = ref State.Jobs.Find(id);
            if (!Unsafe.IsNullRef(ref slot) && slot.State == JobState.Unsure)
            {
                State.Timers.AddGrace(id, slot.Token, MonotonicMs + (long)stage.Options.UnsureGrace.TotalMilliseconds);
                stage.Adopt(new UnsureJob(new JobId(id), slot.BodyPosition));
            }
        }
    }

    /// <summary>Unsure jobs of stages that are gone: any other stage may have them after their grace.</summary>
    public void AdoptOrphans()
    {
        foreach (var id in State.TakeAllOrphans())
        {
            ref var slot = ref State.Jobs.Find(id);
            if (!Unsafe.IsNullRef(ref slot) && slot.State == JobState.Unsure)
            {
                State.Timers.AddGrace(id, slot.Token, MonotonicMs + (long)StageOptions.Fallback.UnsureGrace.TotalMilliseconds);
            }
        }
    }

    public void Sleep(Flow flow, TimeSpan wait)
    {
        flow.Asleep = true;
        flow.Queue.Lanes[(int)flow.Lane].Remove(flow);
        _sleepers.Enqueue(flow, Time.GetTimestamp() + (long)(wait.TotalSeconds * Time.TimestampFrequency));
    }

    /// <summary>Puts flows whose tokens are back into their rings; returns the time until the next one.</summary>
    public TimeSpan WakeSleepers()
    {
        while (_sleepers.TryPeek(out var flow, out var at))
        {
            var now = Time.GetTimestamp();
            if (at > now)
            {
                return Time.GetElapsedTime(now, at);
            }

            _sleepers.Dequeue();
            flow.Asleep = false;
            if (flow.Head != 0)
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
        var wall = NowMs;
        var left = TimersPerTurn;
        JobQueue? woken = null;
        while (left-- > 0 && State.Timers.TryTakeWall(wall, out var id, out var kind))
        {
            ref var slot = ref State.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot))
            {
                continue;
            }

            if (kind == TimerKind.Expiry)
            {
                TryDrop(id, EntryKind.Expired, 0);
            }
            else if (slot.State == JobState.Scheduled && slot.DueMs <= wall)
            {
                var flow = State.Flows[slot.Flow];
                flow.Queue.Scheduled--;
                State.MakeReady(ref slot, id, wall, atHead: false);
                if (!ReferenceEquals(woken, flow.Queue))
                {
                    woken = flow.Queue;
                    woken.WakeStages();
                }
            }
        }

        RunMonotonic();
        WakeSleepers();
        Flush();
        return left <= 0 ? 1 : State.Timers.UntilNext(wall, MonotonicMs, MaxTurnMs);
    }

    public JobInfo Find(long id)
    {
        ref var slot = ref State.Jobs.Find(id);
        if (!Unsafe.IsNullRef(ref slot))
        {
            return new JobInfo(new JobId(id), slot.State, slot.Part, slot.Parts, slot.Attempts, slot.Position, slot.DueMs, State.StageNames[slot.Stage]);
        }

        return State.Done.TryGet(id, out var position, out var ended, out var part, out var parts)
            ? new JobInfo(new JobId(id), ended, part, parts, 0, position, 0, string.Empty)
            : default;
    }

    private void RunMonotonic()
    {
        var now = MonotonicMs;
        while (State.Timers.TryTakeMonotonic(now, out var id, out var token, out var kind))
        {
            ref var slot = ref State.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot) || slot.Token != token)
            {
                continue;
            }

            var stage = Stages.FirstOrDefault(s => s.Number == State.Jobs.Find(id).Stage);
            if (kind == TimerKind.UnsureGrace && slot.State == JobState.Unsure)
            {
                DecideUnsure(ref slot, id, stage?.Options ?? StageOptions.Fallback);
            }
            else if (kind == TimerKind.LeaseEnd && slot.State == JobState.Leased)
            {
                stage?.ForgetLease(slot.Cost);
                Complete(ref slot, id, Outcome.Retry(EngineCodes.LeaseEnded, TimeSpan.Zero), default, stage);
                State.Flows[slot.Flow].Queue.WakeStages();
            }
        }
    }

    /// <summary>True while the disk takes no entries at all.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Stages at work.</summary>
    public List<Stage> Stages { get; } = [];

    private void Back(ref JobSlot slot, long id, EntryKind kind, int code, ReadOnlySpan<byte> data)
    {
        Write(ref slot, id, kind, slot.Attempts - 1, code, slot.Stage, data);
        State.MakeReady(ref slot, id, NowMs, atHead: true);
    }

    private void Reroute(ref JobSlot slot, long id, Flow flow, int code, ReadOnlySpan<byte> data, Stage? stage)
    {
        var excluded = flow.Excluded | (stage is null ? 0 : flow.Queue.BitOf(stage));
        if ((flow.Queue.AllBits() & ~excluded) == 0)
        {
            Write(ref slot, id, EntryKind.Dead, slot.Attempts, code, slot.Stage, data);
            EngineState.CountFinal(flow, JobState.Dead);
            return;
        }

        var other = FlowOf(flow.Queue.Name, flow.Lane, flow.Name, excluded);
        slot = ref State.Jobs.Find(id);
        flow.Live--;
        other.Live++;
        BinaryPrimitives.WriteInt32LittleEndian(_scratch, other.Index);
        data.CopyTo(_scratch.AsSpan(RetryData.FlowBytes));
        Write(ref slot, id, EntryKind.RouteFault, slot.Attempts, code, slot.Stage, _scratch.AsSpan(0, RetryData.FlowBytes + data.Length));
        State.MakeReady(ref slot, id, NowMs, atHead: true);
        flow.Queue.WakeStages();
    }
}
