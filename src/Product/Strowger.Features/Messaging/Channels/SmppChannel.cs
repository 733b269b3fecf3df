using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Receipts;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.Channels;

/// <summary>
/// A carrier behind one or more SMPP binds. One loop leases parts as width and rate allow and spreads them over the binds;
/// answers come back on the binds' own loops.
/// </summary>
public sealed class SmppChannel : Channel
{
    /// <summary>Parts leased in one go: enough to fill a socket write, few enough that an urgent one is next at once.</summary>
    private const int MaxLeases = 256;

    /// <summary>Weight of a new round trip in the smoothed one.</summary>
    private const double RoundTripWeight = 0.05;

    private static readonly TimeSpan _congestedPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _sweepEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly List<SmppBind> _binds = [];

    /// <summary>Those of the binds that may send.</summary>
    private readonly SmppBind[] _senders;
    private readonly JobBodies _bodies;
    private readonly SubmitBuilder _builder = new();
    private readonly CompletionBatch _refused = new();
    // Not disposed: it has no timer, and a late callback may still look at it.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213", Justification = "No timer, no handle; see above.")]
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _sweep;
    private readonly CongestionPace _congestion;
    private Task _run = Task.CompletedTask;
    private double _roundTripMs = 50;
    private int _next;
    private bool _isCongested;

    /// <param name="settings">Checked.</param>
    /// <param name="stage">That feeds it.</param>
    /// <param name="engine">Whose log.</param>
    /// <param name="index">The carriers' ids on disk.</param>
    /// <param name="time">For pace and waits.</param>
    /// <param name="random">For jitter.</param>
    /// <param name="before">The channel it takes the place of: receipts of what that one sent come to this one.</param>
    internal SmppChannel(ChannelSettings settings, Stage stage, JobEngine engine, ReceiptIndexStore index, TimeProvider time, Random random, SmppChannel? before)
        : base(settings, stage)
    {
        Engine = engine;
        _time = time;
        Redelivered = before?.Redelivered ?? new RedeliveredTexts(time);
        Receipts = before?.Receipts ?? new ChannelReceipts(settings.Name, engine, index, time);
        _bodies = new JobBodies(engine);
        _congestion = new CongestionPace(time);
        for (var i = 1; i <= settings.Binds; i++)
        {
            _binds.Add(MakeBind(settings, i, settings.Mode == SmppMode.Transceiver ? BindMode.Transceiver : BindMode.Transmitter, random));
        }

        _senders = [.. _binds];
        for (var i = 1; settings.Mode == SmppMode.Pair && i <= settings.Binds; i++)
        {
            _binds.Add(MakeBind(settings, settings.Binds + i, BindMode.Receiver, random));
        }

        _sweep = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal JobEngine Engine { get; }

    internal InFlightTable InFlight { get; } = new();

    internal ChannelReceipts Receipts { get; }

    internal RedeliveredTexts Redelivered { get; }

    public override IReadOnlyList<BindInfo> Binds => [.. _binds.Select(b => b.Info)];

    public override (int State, DateTimeOffset At)? Congestion => _congestion.Last;

    /// <summary>Receipts that found no part.</summary>
    public long UnmatchedReceipts => Receipts.Matcher.Parked.Unmatched;

    public override (string State, string? Reason) State
    {
        get
        {
            if (Stage.IsPaused)
            {
                return ("paused", null);
            }

            var up = _binds.Count(b => b.Client.State == BindState.Bound);
            var reason = _binds.FirstOrDefault(b => b.Client.State != BindState.Bound)?.Info.Reason;
            return up == _binds.Count ? ("up", null) : up > 0 ? ("partly_up", reason) : ("down", reason);
        }
    }

    public override void Start()
    {
        Stage.SetCapacity(0);
        AdoptUnsure();
        Receipts.Start();
        foreach (var bind in _binds)
        {
            bind.Client.Start();
        }

        _run = Task.Run(RunAsync);
        _sweep.Change(_sweepEvery, _sweepEvery);
    }

    public override bool TryChange(ChannelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var same = Settings with
        {
            Rate = settings.Rate,
            Bucket = settings.Bucket,
            Window = settings.Window,
            WhenUnsure = settings.WhenUnsure,
            Paused = settings.Paused,
            Prefixes = settings.Prefixes,
            Limits = settings.Limits,
            InboundUrl = settings.InboundUrl,
            Latin1 = settings.Latin1,
            MaxParts = settings.MaxParts,
            LongMessages = settings.LongMessages,
            NationalLanguages = settings.NationalLanguages,
        };
        if (same != settings)
        {
            return false;
        }

        Settings = settings;
        foreach (var bind in _binds)
        {
            bind.Client.Window = settings.Window;
        }

        Stage.Change(OptionsOf(settings));
        OnBindChanged();
        return true;
    }

    public override async Task StopAsync(TimeSpan deadline)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        Receipts.Stop();
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_binds.Select(b => b.Client.StopAsync(deadline))).ConfigureAwait(false);
        foreach (var bind in _binds)
        {
            await bind.Client.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nothing is on its way: a question costs no text its slot.</summary>
    internal bool IsIdle => Stage.InFlight == 0 && _senders.All(b => b.Client.Outstanding == 0) && _senders.Any(b => b.Client.State == BindState.Bound);

    /// <summary>Asks the carrier about a part (query_sm). Not sent when no bind is up.</summary>
    internal Task<QueryResult> QueryAsync(ReadOnlySpan<byte> carrierId, Sender from, CancellationToken cancel)
    {
        Span<byte> source = stackalloc byte[Sender.MaxLength];
        var bind = _senders.FirstOrDefault(b => b.Client.State == BindState.Bound);
        return bind is null
            ? Task.FromResult(new QueryResult(QueryOutcome.NotSent, 0, 0, 0, ""))
            : bind.Client.QueryAsync(
                new QuerySm { MessageId = carrierId, SourceTon = from.Ton, SourceNpi = from.Npi, Source = source[..from.CopyTo(source)] }, cancel);
    }

    internal void OnBindChanged()
    {
        var capacity = 0;
        foreach (var bind in _senders)
        {
            capacity += bind.Client?.State == BindState.Bound ? bind.Client.Window : 0;
        }

        Stage.SetCapacity(capacity);
    }

    internal void ObserveRoundTrip(long sentAt)
    {
        // Written by several binds without a lock: a lost sample does not matter, it is an average.
        var sample = _time.GetElapsedTime(sentAt).TotalMilliseconds;
        _roundTripMs += (sample - _roundTripMs) * RoundTripWeight;
        Stage.RoundTrip = TimeSpan.FromMilliseconds(_roundTripMs);
    }

    /// <summary>The congestion_state of an answer.</summary>
    internal void ObserveCongestion(byte state)
    {
        if (_congestion.Hear(state, Settings.Rate, _congestion.Asked is null && state >= 90 ? Stage.GetInfo().RateUsed : 0, TimeSpan.FromMilliseconds(_roundTripMs)))
        {
            Stage.SetAskedRate(_congestion.Asked);
        }
    }

    /// <summary>Milliseconds from submit to answer, smoothed.</summary>
    public double RoundTripMs => _roundTripMs;

    /// <summary>Appends what came in on a bind and answers the carrier when it is durable, not before.</summary>
    internal async Task RecordAsync(EventBatch events, List<DeliverHandle> handles, int bind, IReadOnlyList<ulong> texts)
    {
        var status = CommandStatus.Ok;
        var session = Redelivered.SessionOf(bind);
        try
        {
            await Engine.WaitDurableAsync(Engine.Append(events)).ConfigureAwait(false);
            Redelivered.Add(bind, session, texts);
        }
        catch (Strowger.Engine.Journaling.JournalException)
        {
            // The disk is full or gone: the carrier keeps it and tries again.
            status = CommandStatus.TemporaryAppError;
        }

        foreach (var handle in handles)
        {
            handle.Answer(status);
        }
    }

    private async Task RunAsync()
    {
        var leases = new Lease[MaxLeases];
        try
        {
            while (await Stage.LeaseAsync(leases, _stop.Token).ConfigureAwait(false) is > 0 and var count)
            {
                if (!Submit(leases.AsSpan(0, count)))
                {
                    // No bind had room though the window said so (a slow reader): not at once again.
                    await Task.Delay(_congestedPause, _time, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>False when some part found no room on any bind.</summary>
    private bool Submit(ReadOnlySpan<Lease> leases)
    {
        foreach (ref readonly var lease in leases)
        {
            SubmitOne(lease);
        }

        foreach (var bind in _binds)
        {
            bind.Client.Flush();
        }

        var hadRoom = !_isCongested;
        _isCongested = false;
        if (_refused.Count > 0)
        {
            Stage.Complete(_refused);
            _refused.Clear();
        }

        return hadRoom;
    }

    private void SubmitOne(in Lease lease)
    {
        if (!_bodies.TryRead(lease.BodyPosition, out var accepted) || !MessageBodyReader.TryRead(accepted.Data, out var message, out _))
        {
            _refused.Add(lease.Id, lease.Token, Outcome.Permanent(MessagingCodes.UnreadableBody));
            return;
        }

        if (!_builder.TryBuild(message, lease.Part, (ushort)lease.Parent.Value, TimeLeft(accepted.ExpiresMs), Settings.LongMessages, out var pdu))
        {
            _refused.Add(lease.Id, lease.Token, Outcome.Permanent(MessagingCodes.NotEncodable));
            return;
        }

        var tag = InFlight.Add(lease.Id, lease.Token, _time.GetTimestamp(), message.To.Value);
        try
        {
            if (TrySubmit(tag, pdu))
            {
                return;
            }

            _isCongested = true;
            _refused.Add(lease.Id, lease.Token, Outcome.Unreachable(MessagingCodes.NotWritten));
        }
        catch (ArgumentException wrong)
        {
            // One part that no carrier could be given must not hold up all others.
            _refused.Add(lease.Id, lease.Token, Outcome.Permanent(MessagingCodes.NotSendable), Reasons.DataOf(wrong.Message));
        }

        InFlight.Take(tag);
    }

    private bool TrySubmit(long tag, in SubmitSm pdu)
    {
        for (var i = 0; i < _senders.Length; i++)
        {
            var bind = _senders[(_next + i) % _senders.Length];
            if (bind.Client.TrySubmit(tag, pdu))
            {
                _next = (_next + i + 1) % _senders.Length;
                return true;
            }
        }

        return false;
    }

    /// <summary>Until a message expires; null = it does not.</summary>
    private TimeSpan? TimeLeft(long expiresMs) =>
        expiresMs == 0 ? null : TimeSpan.FromMilliseconds(expiresMs - _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Parts in hand when the last run ended: a receipt for their number settles them before they are sent again, also one that came before the end.</summary>
    private void AdoptUnsure()
    {
        if (Stage.Adopted.Count == 0)
        {
            return;
        }

        var kept = new KeptReceipts(Engine, Receipts);
        foreach (var job in Stage.Adopted)
        {
            if (_bodies.TryRead(job.BodyPosition, out var accepted) && MessageBodyReader.TryRead(accepted.Data, out var message, out _))
            {
                Receipts.Unsure.Add(message.To.Value, job.Id);
                kept.Expect(job.Id);
            }
        }

        kept.Restore();
    }

    private void Sweep()
    {
        if (_congestion.Tick(Settings.Rate))
        {
            Stage.SetAskedRate(_congestion.Asked);
        }

        try
        {
            Receipts.Sweep();
        }
        catch (IOException)
        {
            // The index of finished jobs could not be read. An exception in a timer would end the process; the next turn tries again.
        }
    }

    private SmppBind MakeBind(ChannelSettings settings, int number, BindMode mode, Random random)
    {
        var bind = new SmppBind(this, number) { Client = null! };
        bind.Client = new SmppClient(OptionsFor(settings, mode), bind, _time, new Random(random.Next()));
        return bind;
    }

    internal static SmppClientOptions OptionsFor(ChannelSettings settings, BindMode mode = BindMode.Transceiver) => new()
    {
        BindMode = mode,
        Host = settings.Host,
        Port = settings.Port,
        SystemId = settings.SystemId,
        Password = settings.Password,
        SystemType = settings.SystemType,
        Tls = settings.Tls ? new SmppClientTls { ServerName = settings.TlsServerName, TrustedCertificate = settings.TlsTrustedCertificate } : null,
        Window = settings.Window,
        ResponseTimeout = settings.ResponseTimeout,
        EnquireLinkInterval = settings.EnquireLinkInterval,
    };
}
