using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Stages;

namespace Strowger.Engine.Queues;

/// <summary>
/// The moves of a job's life: each writes an entry and changes the state by it. All of it under the state's gate; the
/// entries gathered since the last <see cref="Flush"/> go into the journal as one record.
/// </summary>
internal sealed class EngineCore(EngineState state, Journal journal, TimeProvider time, Random random)
{
    private readonly EntryWriter _entries = new(state, journal, time);
    private readonly Dictionary<ushort, StageOptions> _former = [];
    private readonly byte[] _scratch = new byte[EngineLimits.MaxEntryDataBytes + 16];

    public EngineState State { get; } = state;

    public Clockwork Clockwork => field ??= new Clockwork(this);

    public Journal Journal { get; } = journal;

    public TimeProvider Time { get; } = time;

    public Random Random { get; } = random;

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public long MonotonicMs => (long)(Time.GetTimestamp() * 1000.0 / Time.TimestampFrequency);

    public Flow FlowOf(string queueName, Lane lane, string name, string? key, uint excluded)
    {
        if (State.Flows.Find(queueName, lane, name, key, excluded) is { } known)
        {
            return known;
        }

        if (State.Flows.Count >= EngineLimits.MaxFlows && name.Length > 0)
        {
            // More names than a box has customers: they share one flow, they are not refused.
            return FlowOf(queueName, lane, string.Empty, key, excluded);
        }

        if (State.Flows.Count >= 2 * EngineLimits.MaxFlows && key is not null and not EngineLimits.OtherKeys)
        {
            // Nor has it so many senders at once.
            return FlowOf(queueName, lane, string.Empty, EngineLimits.OtherKeys, excluded);
        }

        Flush();
        var index = State.Flows.TakeIndex();
        Journal.Append(RecordTypes.FlowName, NameRecord.Flow(index, queueName, lane, name, key, excluded), NowMs);
        return State.Flows.Add(State.QueueOf(queueName), lane, name, key, excluded, index);
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
    public void Write(ref JobSlot slot, long id, EntryKind kind, int attempt, int code, ushort stage, ReadOnlySpan<byte> data) =>
        _entries.Write(ref slot, id, kind, attempt, code, stage, data);

    /// <summary>The same for an entry that says when a lease ends.</summary>
    public void WriteLeaseEnd(ref JobSlot slot, long id, EntryKind kind, int attempt, ushort stage, long untilMs, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_scratch, untilMs);
        data.CopyTo(_scratch.AsSpan(RetryData.DueBytes));
        Write(ref slot, id, kind, attempt, 0, stage, _scratch.AsSpan(0, RetryData.DueBytes + data.Length));
    }

    public void AddEvent(long id, int code, ReadOnlySpan<byte> data) => _entries.AddEvent(id, code, data);

    /// <summary>Appends the gathered entries as one record; jobs that have ended leave the memory.</summary>
    public void Flush() => _entries.Flush();

    /// <summary>True while entries wait for the disk to take them.</summary>
    public bool IsStuck => _entries.IsStuck;

    /// <summary>Whether the journal takes a record now.</summary>
    public bool CanWrite => _entries.CanWrite;

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

    /// <summary>The head of a flow, which this stage can never take: another stage may have it, or it is given up. False when the disk takes nothing.</summary>
    public bool TryRefuse(Flow flow, int code, Stage stage)
    {
        if (!CanWrite)
        {
            return false;
        }

        var id = flow.Head;
        ref var slot = ref State.Jobs.Find(id);
        EngineState.UnlinkHead(ref slot, flow);
        slot.Stage = stage.Number;
        Reroute(ref slot, id, flow, code, default, stage);
        return flow.Head != id;
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
            case OutcomeKind.Retry when slot.Attempts >= (slot.MaxAttempts > 0 ? slot.MaxAttempts : options.MaxAttempts):
                Write(ref slot, id, EntryKind.Dead, slot.Attempts, outcome.Code, slot.Stage, data);
                EngineState.CountFinal(flow, JobState.Dead);
                break;
            default:
                var wait = outcome.Value >= 0 ? outcome.Value : options.Backoff.Next(slot.Attempts, Random);
                BinaryPrimitives.WriteInt64LittleEndian(_scratch, NowMs + wait);
                data.CopyTo(_scratch.AsSpan(RetryData.DueBytes));
                Write(ref slot, id, EntryKind.Retry, slot.Attempts, outcome.Code, slot.Stage, _scratch.AsSpan(0, RetryData.DueBytes + data.Length));
                State.MakeReady(ref slot, id, NowMs, atHead: false);
                ExpireIfLate(ref slot, id);
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

    /// <summary>Jobs left unsure by a crash get their grace when their stage is back, or the rest of their lease where those outlive the process.</summary>
    public void AdoptUnsure(Stage stage)
    {
        foreach (var id in State.TakeOrphans(stage.Number))
        {
            ref var slot = ref State.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot) || slot.State != JobState.Unsure)
            {
                continue;
            }

            if (stage.Options.KeepLeases)
            {
                HeldLeases.Reinstate(this, stage, ref slot, id);
            }
            else
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

    public JobInfo Find(long id)
    {
        ref var slot = ref State.Jobs.Find(id);
        if (!Unsafe.IsNullRef(ref slot))
        {
            var flow = State.Flows[slot.Flow];
            return new JobInfo(new JobId(id), slot.State, slot.Part, slot.Parts, slot.Attempts, slot.Position, slot.DueMs, State.StageNames[slot.Stage])
            {
                BodyPosition = slot.BodyPosition,
                Queue = flow.Queue.Name,
                MaxAttempts = slot.MaxAttempts,
            };
        }

        return id < State.NextId && State.Done.TryGet(id, out var position, out var ended, out var part, out var parts)
            ? new JobInfo(new JobId(id), ended, part, parts, 0, position, 0, string.Empty)
            : default;
    }

    /// <summary>Stages at work.</summary>
    public List<Stage> Stages { get; } = [];

    public void WakeStages() => Stages.ForEach(stage => stage.Wake());

    /// <summary>What sleeps for a stage's limit looks again: another stage may take it now.</summary>
    public void WakeAllSleepers() => Stages.ForEach(stage => stage.Limits.WakeAll());

    public Stage? StageOf(ushort number)
    {
        foreach (var stage in Stages)
        {
            if (stage.Number == number)
            {
                return stage;
            }
        }

        return null;
    }

    /// <summary>A stage goes: what it still holds is unsure, and how it wanted that decided is remembered.</summary>
    public void Remove(Stage stage)
    {
        Stages.Remove(stage);
        _former[stage.Number] = stage.Options;
        foreach (var number in stage.InFlight > 0 ? State.Jobs.PageNumbers() : [])
        {
            var first = number << JobTable.PageBits;
            for (var id = first; id < first + JobTable.PageSize; id++)
            {
                ref var slot = ref State.Jobs.Find(id);
                if (!Unsafe.IsNullRef(ref slot) && slot.State == JobState.Leased && slot.Stage == stage.Number)
                {
                    Complete(ref slot, id, Outcome.Unsure(EngineCodes.LeaseEnded), default, stage);
                }
            }
        }

        Flush();
        WakeStages();
    }

    public StageOptions OptionsOf(ushort number) => StageOf(number)?.Options ?? _former.GetValueOrDefault(number, StageOptions.Fallback);

    private void Back(ref JobSlot slot, long id, EntryKind kind, int code, ReadOnlySpan<byte> data)
    {
        Write(ref slot, id, kind, slot.Attempts - 1, code, slot.Stage, data);
        State.MakeReady(ref slot, id, NowMs, atHead: true);
        ExpireIfLate(ref slot, id);
    }

    /// <summary>Its expiry came up while it was in hand and was passed over: nobody may ever ask for it again.</summary>
    private void ExpireIfLate(ref JobSlot slot, long id)
    {
        if (slot.ExpiresAt != 0 && slot.ExpiresAt * 1000L <= NowMs)
        {
            State.Timers.AddExpiry(id, slot.ExpiresAt);
        }
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

        Flow other;
        try
        {
            other = FlowOf(flow.Queue.Name, flow.Lane, flow.Name, flow.Key, excluded);
        }
        catch (JournalFullException)
        {
            // The new flow's name cannot be written down: it is refused here once more when there is space.
            Back(ref slot, id, EntryKind.Unreachable, code, data);
            return;
        }

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
