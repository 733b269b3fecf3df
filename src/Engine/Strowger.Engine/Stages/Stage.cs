using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Journaling;
using Strowger.Engine.Limits;
using Strowger.Engine.Queues;
using Strowger.Engine.Stages;

namespace Strowger.Engine;

/// <summary>
/// Drains queues into one thing outside, at most <see cref="Width"/> at once and at its rate. One owner leases and completes;
/// all settings can be changed meanwhile.
/// </summary>
public sealed class Stage : IDisposable
{
    /// <summary>How long a disk that refuses is left alone.</summary>
    private static readonly TimeSpan _diskPause = TimeSpan.FromSeconds(1);

    private readonly EngineCore _core;
    private readonly LanePicker _picker;
    private readonly Pacer _pacer;
    private readonly RateMeter _meter;
    private readonly AutoResetSignal _signal = new();
    private readonly ITimer _timer;
    private readonly HandOut _handOut;
    private readonly Narrowing _narrowing;
    private readonly List<UnsureJob> _adopted = [];
    private bool _isDetached;

    /// <summary>Nothing but its rate held it back at the last look.</summary>
    private bool _waitsForRate;

    internal Stage(EngineCore core, StageOptions options, ushort number)
    {
        options.Check();
        _core = core;
        Options = options;
        Number = number;
        _picker = new LanePicker(core, this);
        _pacer = new Pacer(options.Rate, options.Bucket, core.Time);
        _meter = new RateMeter(core.Time);
        _narrowing = new Narrowing(_pacer, core.Time);
        _handOut = new HandOut(core, this, _picker, _pacer);
        Keys = new KeyReader(core, _picker, () => Options);
        Limits = new StageLimits(core, number);
        Limits.Change(options.Limits, options.Bucket);
        _timer = core.Time.CreateTimer(_ => _signal.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public StageOptions Options { get; private set; }

    public string Name => Options.Name;

    internal ushort Number { get; }

    internal StageLimits Limits { get; }

    internal KeyReader Keys { get; }

    internal Reach Reach => field ??= new Reach(_core);

    public bool IsPaused { get; private set; }

    public int InFlight { get; internal set; }

    /// <summary>Jobs that may be in hand now: the configured width, less where the other side has less room.</summary>
    public int Width => (int)Math.Min(Math.Min(Options.Width, Reach.Capacity), Math.Max(1, _narrowing.Width));

    /// <summary>Answers that came in, smoothed; set by the owner, used to judge refusals once a round trip.</summary>
    public TimeSpan RoundTrip { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Jobs that were in hand under this name when the last run ended; each has its grace from now.</summary>
    public IReadOnlyList<UnsureJob> Adopted => _adopted;

    /// <summary>A snapshot for operators.</summary>
    public StageInfo GetInfo()
    {
        lock (_core.State.Gate)
        {
            return new StageInfo(
                Name,
                Width,
                InFlight,
                IsPaused,
                Options.Rate,
                _pacer.Unlimited ? null : _pacer.Effective,
                _meter.Rate(5),
                _pacer.RefusedTotal,
                [_picker.Ready(Lane.Urgent), _picker.Ready(Lane.Normal), _picker.Ready(Lane.Bulk)],
                [.. _handOut.ByLane]);
        }
    }

    /// <summary>Its limits by key, with at most <paramref name="most"/> buckets of each.</summary>
    public IReadOnlyList<LimitInfo> GetLimits(int most)
    {
        lock (_core.State.Gate)
        {
            return Limits.Report(_picker.Queues, most);
        }
    }

    /// <summary>How long a job of this key that joins the lane now would wait for the limits alone.</summary>
    public TimeSpan LimitWait(string key, Lane lane, long cost)
    {
        lock (_core.State.Gate)
        {
            return Limits.Estimate(key, lane, cost, _picker.Queues);
        }
    }

    /// <summary>The limit by day that grants jobs of this key least; null when none counts them by day. A job that costs more is given up.</summary>
    public LimitOptions? DayLimitOf(string key)
    {
        lock (_core.State.Gate)
        {
            return Limits.DayLimitOf(key);
        }
    }

    public void Change(StageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        lock (_core.State.Gate)
        {
            if (options.Rate != Options.Rate || options.Bucket != Options.Bucket)
            {
                _pacer.Change(options.Rate, options.Bucket);
            }

            if (!ReferenceEquals(options.Limits, Options.Limits) || options.Bucket != Options.Bucket)
            {
                Limits.Change(options.Limits, options.Bucket);
            }

            Options = options with { Name = Options.Name };
        }

        Wake();
    }

    /// <summary>How many the other side can take now, at most the width: 0 while it is unreachable.</summary>
    public void SetCapacity(int capacity)
    {
        lock (_core.State.Gate)
        {
            Reach.Change(capacity);
        }

        Wake();
    }

    /// <summary>What the other side asks for below the rate agreed, cost a second; null when it takes that.</summary>
    public void SetAskedRate(double? rate)
    {
        lock (_core.State.Gate)
        {
            _pacer.Ask(rate ?? double.PositiveInfinity);
        }

        Wake();
    }

    public void Pause() => SetPaused(true);
    public void Resume() => SetPaused(false);

    /// <summary>Wakes a waiting <see cref="LeaseAsync"/> to look again.</summary>
    public void Wake() => _signal.Set();

    /// <summary>
    /// Waits until there is work, width and rate for it, then hands out at least one job; 0 only when the stage was removed.
    /// What is handed out has been written down before this returns.
    /// </summary>
    public async ValueTask<int> LeaseAsync(Memory<Lease> into, CancellationToken cancel, TimeSpan? leaseTime = null)
    {
        using var registration = cancel.UnsafeRegister(static stage => ((Stage)stage!).Wake(), this);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var count = TryLease(into.Span, leaseTime, out var wait);
            if (count > 0 || _isDetached)
            {
                return count;
            }

            if (wait != Timeout.InfiniteTimeSpan)
            {
                _timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, Timeout.InfiniteTimeSpan);
            }

            await _signal.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Hands out what may go now, possibly nothing.</summary>
    public int TryLease(Span<Lease> into, TimeSpan? leaseTime = null) => TryLease(into, leaseTime, out _);

    /// <summary>The same, and when to ask again if nothing else happens before: what <see cref="LeaseAsync"/> waits for.</summary>
    public int TryLease(Span<Lease> into, TimeSpan? leaseTime, out TimeSpan wait)
    {
        if (leaseTime is not null || Options.KeepLeases)
        {
            LeaseTimes.Check(leaseTime, Options);
        }

        if (Keys.IsNeeded)
        {
            Keys.Run();
        }

        int count;
        bool isCounted;
        lock (_core.State.Gate)
        {
            _core.Clockwork.WakeSleepers();
            _picker.HeldFor = Timeout.InfiniteTimeSpan;
            count = IsPaused ? 0 : _handOut.Take(into, leaseTime);
            _core.Flush();
            isCounted = Limits.TryWriteCounts();
            wait = Sooner(_core.Clockwork.UntilNextSleeper(), _picker.HeldFor);
            _waitsForRate = false;
            if (count == 0 && !IsPaused && InFlight < Width && HasWork)
            {
                // Zero: the token has come since we looked, and nobody else says so; or a rate is not what holds it back, and whatever
                // does wakes us when it ends.
                var next = _pacer.UntilNext();
                _waitsForRate = next > TimeSpan.Zero;
                next = _waitsForRate && next < _pacer.Gathering ? _pacer.Gathering : next;
                wait = next > TimeSpan.Zero || _handOut.LackedTokens ? Sooner(wait, next) : wait;
            }

            wait = Keys.IsNeeded ? TimeSpan.Zero : wait;
        }

        // A kill after this finds the jobs handed out; they are unsure then, not forgotten and not sent twice blindly.
        if (count == 0 || (isCounted && TryWriteDown()))
        {
            return count;
        }

        GiveBack(into[..count]);
        wait = _diskPause;
        return 0;
    }

    /// <summary>Records outcomes. Returns how many were refused because their lease is not the newest any more.</summary>
    public int Complete(CompletionBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var refused = 0;
        lock (_core.State.Gate)
        {
            var isBack = false;
            foreach (ref readonly var item in batch.Items)
            {
                refused += Complete(item.Id.Value, item.Token, item.Outcome, batch.DataOf(item)) ? 0 : 1;
                isBack |= item.Outcome.Kind is OutcomeKind.Busy or OutcomeKind.Narrow or OutcomeKind.Unreachable;
            }

            _core.Flush();
            Limits.TryWriteCounts();
            if (isBack)
            {
                // What this one could not do another may.
                _picker.WakeStages();
            }
            else if (!_waitsForRate)
            {
                // An answer brings no token: whoever waits for one has set a time.
                Wake();
            }
        }

        return refused;
    }

    /// <summary>
    /// Whoever holds a job is still at it: its lease ends <paramref name="time"/> from now, or later where that was promised already. Only
    /// where leases outlive the process. False when the lease is not the newest any more.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="token">Of its lease.</param>
    /// <param name="time">Over zero, at most <see cref="EngineLimits.MaxLease"/>.</param>
    /// <param name="data">The feature's own, kept in the job's history: at most <see cref="EngineLimits.MaxEntryDataBytes"/> octets.</param>
    /// <param name="untilMs">When it ends now, Unix milliseconds.</param>
    /// <exception cref="JournalFullException">The disk takes nothing.</exception>
    public bool TryExtend(JobId id, int token, TimeSpan time, ReadOnlySpan<byte> data, out long untilMs)
    {
        LeaseTimes.Check(time, Options);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, EngineLimits.MaxEntryDataBytes);
        lock (_core.State.Gate)
        {
            if (!HeldLeases.TryExtend(_core, this, id.Value, token, time, data, out untilMs))
            {
                return false;
            }
        }

        // What was promised survives a kill.
        return TryWriteDown() ? true : throw new JournalFullException("The disk is failing: the lease may end as it was.");
    }

    public void Dispose() => _timer.Dispose();

    private static TimeSpan Sooner(TimeSpan a, TimeSpan b) =>
        a == Timeout.InfiniteTimeSpan || (b != Timeout.InfiniteTimeSpan && b < a) ? b : a;

    /// <summary>Serves exactly these queues from now on.</summary>
    public void Serve(IReadOnlyCollection<string> queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        lock (_core.State.Gate)
        {
            _picker.Keep(queues);
            foreach (var name in queues)
            {
                Attach(_core.State.QueueOf(name));
            }

            // Also the others: what this one leaves may be theirs now, and what slept for their limits this one's.
            _core.WakeAllSleepers();
            _core.WakeStages();
        }
    }

    internal void Attach(JobQueue queue) => _picker.Add(queue);

    internal void Adopt(UnsureJob job) => _adopted.Add(job);

    /// <summary>In hand since before the restart.</summary>
    internal void Reinstate() => InFlight++;

    /// <summary>Whether its rate, not its width, is what holds jobs back now. Under the engine's lock.</summary>
    internal bool IsHeldByRate => _pacer.Available() == 0;

    internal void Detach()
    {
        _picker.Clear();
        _core.WakeAllSleepers();
        _isDetached = true;
        Wake();
    }

    internal void ForgetLease(int cost)
    {
        InFlight--;
        _pacer.OnAccepted(cost);
    }

    private void SetPaused(bool paused)
    {
        lock (_core.State.Gate)
        {
            IsPaused = paused;
        }

        Wake();
    }

    private bool Complete(long id, int token, in Outcome outcome, ReadOnlySpan<byte> data)
    {
        ref var slot = ref _core.State.Jobs.Find(id);
        if (Unsafe.IsNullRef(ref slot) || slot.State != JobState.Leased || slot.Token != token)
        {
            return false;
        }

        int cost = slot.Cost;
        InFlight--;
        switch (outcome.Kind)
        {
            case OutcomeKind.Busy:
                _pacer.OnRefused(cost, RoundTrip);
                break;
            case OutcomeKind.Narrow:
                _narrowing.Narrow(outcome.Value, InFlight, RoundTrip);
                break;
            case OutcomeKind.Unreachable:
                break;
            default:
                _pacer.OnAccepted(cost);
                _meter.Add(cost);
                _narrowing.Widen(Options.Width);
                break;
        }

        if (Limits.IsActive && _core.State.Flows[slot.Flow].Key is { } key)
        {
            Limits.Complete(key, cost, outcome.Kind);
        }

        _core.Complete(ref slot, id, outcome, data, this);
        return true;
    }

    private bool TryWriteDown()
    {
        if (_core.IsStuck)
        {
            return false;
        }

        try
        {
            _core.Journal.Write();
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    /// <summary>What could not be written down must not leave.</summary>
    private void GiveBack(ReadOnlySpan<Lease> leases)
    {
        lock (_core.State.Gate)
        {
            // The last first: each goes back to the head.
            for (var i = leases.Length - 1; i >= 0; i--)
            {
                Complete(leases[i].Id.Value, leases[i].Token, Outcome.Unreachable(), default);
            }

            _core.Flush();
        }
    }

    private bool HasWork => _picker.Ready(Lane.Urgent) + _picker.Ready(Lane.Normal) + _picker.Ready(Lane.Bulk) > 0;
}
