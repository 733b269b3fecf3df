using System.Collections.Concurrent;
using System.Text;
using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>The carrier's behaviour towards its binds.</summary>
internal sealed class CarrierHandler : SmppServerHandler, IDisposable
{
    /// <summary>Answers waiting for their delay; 100 binds at the greatest window.</summary>
    private const int MaxDelayedAnswers = 1_000_000;
    private const int MaxFutureReceipts = 2_000_000;
    private const int MaxAccounts = 10_000;

    private readonly CarrierSimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly SeededDice _dice;
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly MessageStates _states;
    private readonly DelayQueue<DelayedAnswer> _answers;
    private readonly DelayQueue<FutureReceipt> _receipts;
    private volatile CarrierSettings _settings;
    private volatile DistinctSet _distinct = new();
    private volatile SubmitMeter _meter;
    private volatile SourceMeter _sources;
    private volatile DeliverCounts _receiptCounts = new();
    private volatile DeliverCounts _moCounts = new();
    private long _lastId;
    private long _bindsTotal;
    private long _bindsRefused;
    private long _windowExceeded;
    private long _errors;
    private long _swallowed;
    private long _lastMo;

    public CarrierHandler(CarrierSimulatorOptions options, TimeProvider clock, SeededDice dice)
    {
        _options = options;
        _clock = clock;
        _started = clock.GetTimestamp();
        _dice = dice;
        _settings = options.Settings;
        _meter = new SubmitMeter(clock);
        _sources = new SourceMeter(clock);
        _states = new MessageStates(clock);
        _lastId = MessageIds.First(clock.GetUtcNow());
        _answers = new DelayQueue<DelayedAnswer>(clock, MaxDelayedAnswers, SendAnswers);
        _receipts = new DelayQueue<FutureReceipt>(clock, MaxFutureReceipts, SendReceipts);
    }

    public CarrierSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    public override uint? OnBind(SmppServerSession session, in BindRequest bind)
    {
        uint status = Judge(bind);
        if (status != CommandStatus.Ok)
        {
            Interlocked.Increment(ref _bindsRefused);
            return status;
        }

        session.Tag = AccountOf(session.SystemId);
        session.ReadDelay = _settings.ReadDelay;
        session.CongestionState = _settings.Congestion;
        return status;
    }

    public override void OnBound(SmppServerSession session)
    {
        Interlocked.Increment(ref _bindsTotal);
        if (session.Mode != BindMode.Transmitter)
        {
            ((Account)session.Tag!).Add(session);
        }
    }

    public override void OnClosed(SmppServerSession session, string reason) => (session.Tag as Account)?.Remove(session);

    public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
    {
        var settings = _settings;
        var account = (Account)session.Tag!;
        if (session.Unanswered > settings.EffectiveWindow)
        {
            Interlocked.Increment(ref _windowExceeded);
            if (settings.WindowCloses)
            {
                session.Close("over the window");
                return;
            }

            session.RespondSubmit(sequence, CommandStatus.Throttled, default);
            return;
        }

        if (!_meter.TryPass(account.Bucket, settings) || (HasSourceLimits(settings) && !PassesSource(session, pdu, settings)))
        {
            Answer(session, sequence, CommandStatus.Throttled, 0, settings);
            return;
        }

        if (settings.BlackHole)
        {
            Interlocked.Increment(ref _swallowed);
            return;
        }

        uint status = PickError(settings);
        if (status != CommandStatus.Ok)
        {
            Interlocked.Increment(ref _errors);
            Answer(session, sequence, status, 0, settings);
            return;
        }

        _meter.NoteAccepted(settings.Bucket);
        _distinct.Add(MessageKey.Of(pdu, settings.KeyByToken));
        long id = Interlocked.Increment(ref _lastId);
        byte state = _dice.Hits(settings.FailShare) ? ReceiptText.Undeliverable : ReceiptText.Delivered;
        bool receipt = WantsReceipt(pdu.RegisteredDelivery, state, settings);
        if (receipt && settings.ReceiptFirst)
        {
            PlanReceipt(account, pdu, id, state, settings, TimeSpan.Zero);
            account.Pump();
        }

        var finalIn = Answer(session, sequence, CommandStatus.Ok, id, settings) + settings.ReceiptDelay + _dice.UpTo(settings.ReceiptJitter);
        _states.Record(id, state, settings.ReceiptFirst ? TimeSpan.Zero : finalIn);
        if (receipt && !settings.ReceiptFirst)
        {
            PlanReceipt(account, pdu, id, state, settings, finalIn);
        }
    }

    public override void OnQuery(SmppServerSession session, uint sequence, in QuerySm pdu)
    {
        Span<byte> date = stackalloc byte[SmppLimits.TimeBytes];
        if (_states.TryAnswer(MessageIds.Parse(pdu.MessageId, _settings.ReceiptIds), pdu.MessageId, date, out var answer))
        {
            session.RespondQuery(sequence, answer);
        }
        else
        {
            session.Respond(CommandId.QuerySmResp, sequence, CommandStatus.InvalidMessageId);
        }
    }

    public override void OnDeliverResponse(SmppServerSession session, long tag, uint status, bool late) =>
        ((Account)session.Tag!).Answered(tag, status);

    public override void OnDeliverUnanswered(SmppServerSession session, long tag, UnansweredReason reason) =>
        ((Account)session.Tag!).Unanswered(tag);

    public override void OnBatchEnd(SmppServerSession session) => (session.Tag as Account)?.Pump();

    public override void OnWritable(SmppServerSession session) => (session.Tag as Account)?.Pump();

    /// <summary>Sends an incoming text to one account with a bind, or to the one named. False when nobody has bound yet.</summary>
    /// <exception cref="ArgumentException">A number is longer than 20 octets, or the text than 254.</exception>
    public bool SendMo(string? systemId, string from, string to, string text)
    {
        var account = systemId is null
            ? _accounts.Values.FirstOrDefault(a => a.HasBind) ?? _accounts.Values.FirstOrDefault()
            : _accounts.GetValueOrDefault(systemId);
        if (account is null)
        {
            return false;
        }

        bool ascii = Ascii.IsValid(text);
        var deliver = new PendingDeliver
        {
            Source = Encoding.ASCII.GetBytes(from),
            SourceTon = 1,
            Destination = Encoding.ASCII.GetBytes(to),
            Text = ascii ? Encoding.ASCII.GetBytes(text) : Encoding.BigEndianUnicode.GetBytes(text),
            DataCoding = ascii ? (byte)0 : (byte)8,
            Counts = _moCounts,
        };
        var fault = Account.Encode(deliver).Check();
        if (!fault.IsNone)
        {
            throw new ArgumentException($"The text cannot be sent: {fault.Reason}.");
        }

        _moCounts.Create();
        account.Enqueue(deliver);
        account.Pump();
        return true;
    }

    /// <summary>The n-th text of the steady flow.</summary>
    public void SendNextMo()
    {
        long n = ++_lastMo;
        SendMo(null, $"4670{n % 10_000_000:D7}", "12345", $"Incoming text #{n}");
    }

    /// <summary>Starts every count anew.</summary>
    public void Reset()
    {
        _meter = new SubmitMeter(_clock);
        _sources = new SourceMeter(_clock);
        _distinct = new DistinctSet();
        _receiptCounts = new DeliverCounts();
        _moCounts = new DeliverCounts();
        Interlocked.Exchange(ref _windowExceeded, 0);
        Interlocked.Exchange(ref _errors, 0);
        Interlocked.Exchange(ref _swallowed, 0);
    }

    public CarrierReport Report(int bindsNow, long disconnects) => new(
        _clock.GetElapsedTime(_started).TotalSeconds,
        bindsNow, Interlocked.Read(ref _bindsTotal), Interlocked.Read(ref _bindsRefused), disconnects, _meter.Submits, _meter.Accepted,
        _meter.Throttled, _meter.OverLimitSeconds, Interlocked.Read(ref _windowExceeded), Interlocked.Read(ref _errors),
        Interlocked.Read(ref _swallowed), _distinct.Distinct, _distinct.Duplicates, _distinct.IsComplete, _receiptCounts.Report(),
        _moCounts.Report(), _meter.Report(), _sources.Report());

    public void Dispose()
    {
        _answers.Dispose();
        _receipts.Dispose();
    }

    private static bool HasSourceLimits(CarrierSettings settings) => settings.SourceRate > 0 || settings.SourceDay > 0;

    private bool PassesSource(SmppServerSession session, in SubmitSm pdu, CarrierSettings settings)
    {
        bool passes = _sources.TryPass(session.SystemId, Encoding.Latin1.GetString(pdu.Source), settings);
        if (!passes)
        {
            _meter.NoteThrottled();
        }

        return passes;
    }

    private uint Judge(in BindRequest bind)
    {
        if (_settings.RefuseBinds != CommandStatus.Ok)
        {
            return _settings.RefuseBinds;
        }

        if (_options.SystemId is not null && !bind.SystemId.SequenceEqual(Encoding.UTF8.GetBytes(_options.SystemId)))
        {
            return CommandStatus.InvalidSystemId;
        }

        if (_options.Password is not null && !bind.Password.SequenceEqual(Encoding.UTF8.GetBytes(_options.Password)))
        {
            return CommandStatus.InvalidPassword;
        }

        return _accounts.Count >= MaxAccounts ? CommandStatus.BindFailed : CommandStatus.Ok;
    }

    private Account AccountOf(string systemId) => _accounts.GetOrAdd(systemId, static (_, clock) => new Account(clock), _clock);

    private uint PickError(CarrierSettings settings)
    {
        if (settings.Errors.Count == 0)
        {
            return CommandStatus.Ok;
        }

        double draw = _dice.Next();
        foreach (var (status, share) in settings.Errors)
        {
            if (draw < share)
            {
                return status;
            }

            draw -= share;
        }

        return CommandStatus.Ok;
    }

    /// <summary>registered_delivery, SMPP 3.4 section 5.2.17: 1 always, 2 on failure, 3 (5.0) on success.</summary>
    private bool WantsReceipt(byte registered, byte state, CarrierSettings settings) => (registered & 3) switch
    {
        0 => false,
        1 => _dice.Hits(settings.ReceiptShare),
        int asked => (asked == 2) == (state == ReceiptText.Undeliverable) && _dice.Hits(settings.ReceiptShare),
    };

    /// <summary>Answers now or after the delay; returns the delay.</summary>
    private TimeSpan Answer(SmppServerSession session, uint sequence, uint status, long id, CarrierSettings settings)
    {
        var delay = settings.Delay + _dice.UpTo(settings.Jitter);
        var answer = new DelayedAnswer(session, sequence, status, id, settings.ReceiptIds);
        if (delay <= TimeSpan.Zero || !_answers.TryAdd(answer, delay))
        {
            Send(answer);
        }

        return delay;
    }

    private static void Send(in DelayedAnswer answer)
    {
        Span<byte> id = stackalloc byte[32];
        int length = answer.Status == CommandStatus.Ok ? MessageIds.WriteAnswered(answer.Id, answer.Quirk, id) : 0;
        answer.Session.RespondSubmit(answer.Sequence, answer.Status, id[..length]);
    }

    private static void SendAnswers(List<DelayedAnswer> due)
    {
        foreach (var answer in due)
        {
            Send(answer);
        }
    }

    private void PlanReceipt(Account account, in SubmitSm pdu, long id, byte state, CarrierSettings settings, TimeSpan delay)
    {
        bool swap = settings.ReceiptFormat != ReceiptFormat.NotSwapped;
        byte[] source = pdu.Source.ToArray();
        byte[] destination = pdu.Destination.ToArray();
        var receipt = new FutureReceipt(
            account, id, settings.ReceiptIds, state, settings.ReceiptFormat, _clock.GetUtcNow(),
            swap ? destination : source, swap ? source : destination,
            swap ? pdu.DestinationTon : pdu.SourceTon, swap ? pdu.SourceTon : pdu.DestinationTon, _receiptCounts);
        if (settings.ReceiptFormat == ReceiptFormat.Doubled)
        {
            _receiptCounts.Create();
            Enqueue(receipt with { State = ReceiptText.Enroute });
        }

        _receiptCounts.Create();
        if (delay <= TimeSpan.Zero)
        {
            Enqueue(receipt);
        }
        else if (!_receipts.TryAdd(receipt, delay))
        {
            _receiptCounts.Drop();
        }
    }

    private void SendReceipts(List<FutureReceipt> due)
    {
        foreach (var receipt in due)
        {
            Enqueue(receipt);
        }

        foreach (var (_, account) in _accounts)
        {
            account.Pump();
        }
    }

    private void Enqueue(FutureReceipt receipt)
    {
        byte[] id = MessageIds.InReceipt(receipt.Id, receipt.Quirk);
        receipt.Account.Enqueue(new PendingDeliver
        {
            Source = receipt.Source,
            SourceTon = receipt.SourceTon,
            Destination = receipt.Destination,
            DestinationTon = receipt.DestinationTon,
            Text = ReceiptText.Text(id, receipt.State, receipt.Submitted, _clock.GetUtcNow(), receipt.Format),
            Tlvs = ReceiptText.Tlvs(id, receipt.State, receipt.Format),
            IsReceipt = true,
            Counts = receipt.Counts,
        });
    }
}
