using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Limits;
using Strowger.Engine.Checkpointing;
using Strowger.Engine.Queues;

namespace Strowger.Engine;

/// <summary>
/// Durable bounded queues and the stages that drain them. What <see cref="EnqueueAsync"/> has accepted survives a kill and a
/// power cut; what a stage was given is written down before the stage has it.
/// </summary>
public sealed class JobEngine : IAsyncDisposable
{
    /// <summary>A disk that hangs or fails must not hold up a stop: what could not be written then is replayed or unsure.</summary>
    private static readonly TimeSpan _lastCommit = TimeSpan.FromSeconds(3);

    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Intake _intake;
    private readonly Checkpoints _checkpoints;
    private readonly CancellationTokenSource _stop = new();
    private Task _clockwork = Task.CompletedTask;
    private Task _checkpointing = Task.CompletedTask;

    private JobEngine(EngineOptions options, TimeProvider time, Random random, Journal journal)
    {
        _options = options;
        _time = time;
        _random = random;
        Journal = journal;
        State = new EngineState(new DoneIndex(Path.Combine(options.Directory, "index")), options.QueueBound);
        Core = new EngineCore(State, journal, time, random);
        _intake = new Intake(Core);
        _checkpoints = new Checkpoints(Core, options);
    }

    internal EngineState State { get; }

    internal EngineCore Core { get; }

    /// <summary>The log below: for readers of events.</summary>
    public Journal Journal { get; }

    public TimeProvider Time => _time;

    /// <summary>What recovery found: told once at start.</summary>
    public RecoveryReport Recovery { get; private set; } = new(0, 0, 0, TimeSpan.Zero);

    /// <summary>True when the disk is full: nothing new is taken.</summary>
    public bool IsStorageFull => Journal.Space != JournalSpace.Normal;

    /// <summary>Opens the directory, replays what came after the last checkpoint, and starts the clockwork.</summary>
    /// <exception cref="JournalException">In use, of a newer format, or unreadable; the message says what to do.</exception>
    public static JobEngine Open(EngineOptions options, TimeProvider time, Random random, JournalStorage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        var journal = Journal.Open(
            new JournalOptions
            {
                Directory = Path.Combine(options.Directory, "journal"),
                SegmentBytes = options.SegmentBytes,
                OnIncident = options.OnIncident,
            },
            time,
            storage);
        var engine = new JobEngine(options, time, random, journal);
        engine.Recovery = engine._checkpoints.Recover();
        engine._intake.StartAfter(engine.State.NextId - 1);
        journal.Durable += engine._intake.OnDurable;
        engine._clockwork = Task.Run(engine.RunClockworkAsync);
        return engine;
    }

    /// <summary>The flow of a queue's lane under a name; made on first use, with its queue.</summary>
    /// <exception cref="ArgumentException">A name is empty (queue only) or longer than <see cref="EngineLimits.MaxNameBytes"/>.</exception>
    /// <param name="queue">The queue.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="name">Customer, campaign or key; may be empty.</param>
    /// <param name="key">What its jobs count against where a stage has <see cref="StageOptions.Limits"/>, at most <see cref="EngineLimits.MaxKeyBytes"/>;
    /// null = not told apart: such a stage reads it from the body first.</param>
    public FlowHandle Flow(string queue, Lane lane, string name, string? key = null)
    {
        Names.Check(queue, nameof(queue), mayBeEmpty: false);
        Names.Check(name, nameof(name), mayBeEmpty: true);
        Stages.KeyReader.Check(key);
        lock (State.Gate)
        {
            return new FlowHandle(Core.FlowOf(queue, lane, name, key, excluded: 0));
        }
    }

    /// <summary>
    /// Buckets that every job of a flow counts against, beside its stage's rate: of a customer, a sender, a day. A job takes from all of
    /// them or from none; while one lacks tokens the flow sleeps and holds up nobody. One bucket may serve many flows. Not kept over a restart.
    /// </summary>
    public void SetLimits(FlowHandle flow, params TokenBucket[] limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        lock (State.Gate)
        {
            flow.Target.Limits = [.. limits];
            Core.Clockwork.Rouse(flow.Target);
            flow.Target.Queue.WakeStages();
        }
    }

    /// <summary>Accepts one job and returns when it is durable, or at once when it is refused.</summary>
    public ValueTask<EnqueueResult> EnqueueAsync(in NewJob job, CancellationToken cancel = default)
    {
        var result = _intake.Enqueue(job, out var end);
        return end == 0 ? new ValueTask<EnqueueResult>(result) : WaitAsync(result, end, cancel);
    }

    /// <summary>Accepts a batch in order and returns when all that was accepted is durable.</summary>
    public async ValueTask<BatchResult> EnqueueAsync(JobBatch batch, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var result = _intake.Enqueue(batch, out var end);
        if (end > 0)
        {
            await Journal.WaitDurableAsync(end, cancel).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Adds a stage that drains the given queues. Its number in the journal goes with its name.</summary>
    public Stage AddStage(StageOptions options, params string[] queues)
    {
        ArgumentNullException.ThrowIfNull(options);
        Names.Check(options.Name, nameof(options), mayBeEmpty: false);
        lock (State.Gate)
        {
            var stage = new Stage(Core, options, Core.StageNumber(options.Name));
            foreach (var name in queues)
            {
                stage.Attach(State.QueueOf(name));
            }

            Core.Stages.Add(stage);
            Core.WakeAllSleepers();
            Core.AdoptUnsure(stage);
            return stage;
        }
    }

    /// <summary>Gives the grace of now to unsure jobs whose stage did not come back: then they go to whoever serves their queue.</summary>
    public void AdoptOrphans()
    {
        lock (State.Gate)
        {
            Core.AdoptOrphans();
        }
    }

    /// <summary>Takes a stage away; what it held becomes unsure unless it was completed before.</summary>
    public void RemoveStage(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        lock (State.Gate)
        {
            stage.Detach();
            Core.Remove(stage);
        }
    }

    /// <summary>Bound and pause of a queue; null leaves a value as it is.</summary>
    public void ChangeQueue(string name, long? bound = null, bool? paused = null)
    {
        Names.Check(name, nameof(name), mayBeEmpty: false);
        if (bound is <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "A queue's bound is at least 1.");
        }

        lock (State.Gate)
        {
            var queue = State.QueueOf(name);
            queue.Bound = bound ?? queue.Bound;
            queue.Paused = paused ?? queue.Paused;
            queue.WakeStages();
        }
    }

    public QueueInfo? GetQueue(string name)
    {
        lock (State.Gate)
        {
            return State.Queues.TryGetValue(name, out var queue) ? QueueInfo.Of(queue) : null;
        }
    }

    public IReadOnlyList<QueueInfo> GetQueues()
    {
        lock (State.Gate)
        {
            return [.. State.Queues.Values.Select(QueueInfo.Of)];
        }
    }

    /// <summary>Cancels a job that has not been handed out. False when it is not live or already out.</summary>
    /// <exception cref="JournalFullException">The disk takes nothing.</exception>
    public async ValueTask<bool> CancelAsync(JobId id, int code = 0, CancellationToken cancel = default)
    {
        long end;
        lock (State.Gate)
        {
            ThrowIfFull();
            if (!Core.TryDrop(id.Value, EntryKind.Cancelled, code))
            {
                return false;
            }

            Core.Flush();
            ThrowIfFull();
            end = Journal.End;
        }

        await Journal.WaitDurableAsync(end, cancel).ConfigureAwait(false);
        return true;
    }

    /// <summary>Decides an unsure job: a late answer or other evidence came. False when it is not unsure any more.</summary>
    public bool Settle(JobId id, in Outcome outcome, ReadOnlySpan<byte> data = default)
    {
        lock (State.Gate)
        {
            ref var slot = ref State.Jobs.Find(id.Value);
            if (Unsafe.IsNullRef(ref slot) || slot.State != JobState.Unsure)
            {
                return false;
            }

            var queue = State.Flows[slot.Flow].Queue;
            Core.Complete(ref slot, id.Value, outcome, data, Core.StageOf(slot.Stage));
            Core.Flush();
            queue.WakeStages();
            return true;
        }
    }

    /// <summary>Appends a feature's facts; rides the next group commit. Returns the position to wait for.</summary>
    /// <exception cref="JournalFullException">The disk takes nothing; in rare cases the facts are recorded later all the same.</exception>
    public long Append(EventBatch events)
    {
        ArgumentNullException.ThrowIfNull(events);
        lock (State.Gate)
        {
            ThrowIfFull();
            foreach (ref readonly var item in events.Items)
            {
                Core.AddEvent(item.Job.Value, item.Code, events.DataOf(item));
            }

            Core.Flush();
            ThrowIfFull();
            return Journal.End;
        }
    }

    /// <summary>Waits until everything before <paramref name="position"/> is on disk.</summary>
    public ValueTask WaitDurableAsync(long position, CancellationToken cancel = default) =>
        Journal.WaitDurableAsync(position, cancel);

    /// <summary>State of a job now, live or finished; <see cref="JobState.None"/> when it is not known.</summary>
    public JobInfo Find(JobId id)
    {
        lock (State.Gate)
        {
            return Core.Find(id.Value);
        }
    }

    /// <summary>Number of the newest accepted job.</summary>
    public JobId LastId
    {
        get
        {
            lock (State.Gate)
            {
                return new JobId(State.NextId - 1);
            }
        }
    }

    public string StageName(int number)
    {
        lock (State.Gate)
        {
            return State.StageNames[number];
        }
    }

    /// <summary>Writes a checkpoint now, so that the next start reads little.</summary>
    public void Checkpoint() => _checkpoints.Write(CancellationToken.None);

    /// <summary>Deletes history before a position where age and size say so and no live job needs it.</summary>
    /// <param name="keepFrom">No segment with a record at or after this is deleted: the slowest projection's cursor.</param>
    public void Trim(long keepFrom) => _checkpoints.Trim(keepFrom);

    /// <summary>Keeps all history that is there now, until disposed: for a backup under way. May wait for a checkpoint.</summary>
    public IDisposable PinHistory() => _checkpoints.Pin();

    /// <summary>Stops intake, waits for the last commit and writes a checkpoint. Stages are stopped by their owners before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _intake.Stop();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _clockwork.ConfigureAwait(false);
        await _checkpointing.ConfigureAwait(false);
        using (var deadline = new CancellationTokenSource(_lastCommit, _time))
        {
            _checkpoints.Write(deadline.Token);
        }

        await Journal.DisposeAsync().ConfigureAwait(false);
        State.Done.Dispose();
        _stop.Dispose();
    }

    /// <summary>Handles what is due now, without waiting for the clockwork.</summary>
    internal void RunTimers()
    {
        lock (State.Gate)
        {
            Core.Clockwork.RunTimers();
        }
    }

    /// <summary>Ends as a kill would: nothing more is written.</summary>
    internal async Task AbandonAsync()
    {
        _intake.Stop();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _clockwork.ConfigureAwait(false);
        await _checkpointing.ConfigureAwait(false);
        await Journal.AbandonAsync().ConfigureAwait(false);
        State.Done.Dispose();
    }

    private void ThrowIfFull()
    {
        if (!Core.CanWrite)
        {
            throw new JournalFullException("The disk is full or failing: nothing can be recorded. Make space; it goes on by itself.");
        }
    }

    private async ValueTask<EnqueueResult> WaitAsync(EnqueueResult result, long end, CancellationToken cancel)
    {
        await Journal.WaitDurableAsync(end, cancel).ConfigureAwait(false);
        return result;
    }

    private long RunTimersSafely()
    {
        try
        {
            lock (State.Gate)
            {
                return Core.Clockwork.RunTimers();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Due times, lease ends and checkpoints of all the others depend on this loop.
            _options.OnIncident?.Invoke(new JournalIncident(JournalIncidentKind.CallbackFailed, Journal.End, 0, $"The clockwork failed and goes on: {e.Message}", e));
            return 1000;
        }
    }

    /// <summary>Due times, expiries, lease ends, sleeping flows and checkpoints: one loop for all.</summary>
    private async Task RunClockworkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var wait = RunTimersSafely();

            // Beside the clockwork: a disk that hangs must not hold up due times.
            if (_checkpoints.IsDue && _checkpointing.IsCompleted)
            {
                _checkpointing = Task.Run(() => _checkpoints.Write(_stop.Token), CancellationToken.None);
            }

            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(wait), _time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
