using System.Text;
using Strowger.Engine;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>One client as it is now: its binds, its pace, its counts.</summary>
internal sealed class DoorClient
{
    private const string QueuePrefix = "smpp:";

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly SecondsMeter _meter;
    private readonly List<DoorSession> _sessions = [];
    private double _tokens;
    private long _filledAt;
    private long _accepted;
    private long _refused;
    private long _throttled;
    private long _delivered;
    private long _dropped;
    private volatile SmppServerSession[] _receivers = [];
    private int _binding;

    public DoorClient(DoorClientSettings settings, TimeProvider time)
    {
        Settings = settings;
        _time = time;
        _meter = new SecondsMeter(time);
        SystemIdOctets = Encoding.ASCII.GetBytes(settings.SystemId);
        Channel = Encoding.UTF8.GetBytes(settings.Channel ?? string.Empty);
        _tokens = Burst;
        _filledAt = time.GetTimestamp();
    }

    public DoorClientSettings Settings { get; }

    public byte[] SystemIdOctets { get; }

    /// <summary>UTF-8; empty = by number.</summary>
    public byte[] Channel { get; }

    /// <summary>Who hands its texts in, as messages keep it; also the flow they wait in, and the queue of what goes to it.</summary>
    public string Account => QueuePrefix + Settings.SystemId;

    /// <summary>Binds that take deliveries.</summary>
    public SmppServerSession[] Receivers => _receivers;

    /// <summary>Called when <see cref="Receivers"/> has changed.</summary>
    public Action? ReceiversChanged { get; set; }

    /// <summary>Feeds deliveries; null before the door is open.</summary>
    public Stage? Stage { get; set; }

    private double Burst => Math.Max(1, Settings.Rate ?? 1);

    /// <summary>Keeps a place for one more bind. False when it has as many as it may.</summary>
    public bool TryReserve()
    {
        lock (_gate)
        {
            if (_sessions.Count + _binding >= Settings.Binds)
            {
                return false;
            }

            _binding++;
            return true;
        }
    }

    /// <summary>The bind that <see cref="TryReserve"/> kept a place for is there.</summary>
    public void Add(DoorSession session)
    {
        lock (_gate)
        {
            _binding--;
            _sessions.Add(session);
            SetReceivers();
        }

        ReceiversChanged?.Invoke();
    }

    public void Remove(DoorSession session)
    {
        lock (_gate)
        {
            if (!_sessions.Remove(session))
            {
                // It went before it was there.
                _binding--;
                return;
            }

            SetReceivers();
        }

        ReceiversChanged?.Invoke();
    }

    /// <summary>Takes what a text of so many parts costs. False: over its rate.</summary>
    /// <param name="parts">0 looks only.</param>
    public bool TryTake(int parts)
    {
        if (Settings.Rate is not { } rate)
        {
            return true;
        }

        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _tokens = Math.Min(Burst, _tokens + (_time.GetElapsedTime(_filledAt, now).TotalSeconds * rate));
            _filledAt = now;

            // A text of more parts than a second allows goes when the bucket is full, and is paid back.
            if (_tokens < Math.Min(Math.Max(1, parts), Burst))
            {
                return false;
            }

            _tokens -= parts;
            return true;
        }
    }

    /// <summary>Share of its rate that it uses, 0 to 1.</summary>
    public double RateShare()
    {
        if (Settings.Rate is not { } rate)
        {
            return 0;
        }

        lock (_gate)
        {
            return Math.Clamp(_meter.Rate() / rate, 0, 1);
        }
    }

    public void CountAccepted(int texts, int parts)
    {
        lock (_gate)
        {
            _accepted += texts;
            _meter.Add(parts);
        }
    }

    public void CountRefused(uint status)
    {
        Interlocked.Increment(ref _refused);
        if (status == CommandStatus.Throttled)
        {
            Interlocked.Increment(ref _throttled);
        }
    }

    public void CountDelivered(int count) => Interlocked.Add(ref _delivered, count);

    public void CountDropped(int count) => Interlocked.Add(ref _dropped, count);

    /// <summary>For operators.</summary>
    public DoorClientInfo Info(JobEngine engine)
    {
        var queue = engine.GetQueue(Account);
        lock (_gate)
        {
            return new DoorClientInfo(
                Settings,
                [.. _sessions.Select(session => session.Info)],
                _meter.Rate(),
                _accepted,
                Interlocked.Read(ref _refused),
                Interlocked.Read(ref _throttled),
                queue?.Live ?? 0,
                Stage?.InFlight ?? 0,
                Interlocked.Read(ref _delivered),
                Interlocked.Read(ref _dropped));
        }
    }

    private void SetReceivers() =>
        _receivers = [.. _sessions.Where(session => session.Session.Mode != BindMode.Transmitter).Select(session => session.Session)];
}

/// <summary>One bind of a client, for operators.</summary>
/// <param name="Mode">transmitter, receiver or transceiver.</param>
/// <param name="Remote">Address and port.</param>
/// <param name="Since">When it bound.</param>
/// <param name="Version">interface_version as given.</param>
/// <param name="Tls">Its version; null in the clear.</param>
/// <param name="Unanswered">submit_sm waiting for our answer.</param>
/// <param name="Delivering">deliver_sm waiting for its answer.</param>
public sealed record DoorBindInfo(string Mode, string Remote, DateTimeOffset Since, byte Version, string? Tls, int Unanswered, int Delivering);

/// <summary>A client as it stands. Totals count from the start of the server.</summary>
/// <param name="Settings">As configured.</param>
/// <param name="Binds">Those it has.</param>
/// <param name="RateUsed">Parts a second over the last seconds.</param>
/// <param name="Accepted">submit_sm accepted.</param>
/// <param name="Refused">Refused, whatever for.</param>
/// <param name="Throttled">Of these, over rate or window.</param>
/// <param name="Waiting">Receipts and incoming texts not delivered yet.</param>
/// <param name="Delivering">Of these, on their way.</param>
/// <param name="Delivered">Receipts and incoming texts that it has taken.</param>
/// <param name="Dropped">Not queued, because too many waited.</param>
public sealed record DoorClientInfo(
    DoorClientSettings Settings, IReadOnlyList<DoorBindInfo> Binds, double RateUsed, long Accepted, long Refused, long Throttled,
    long Waiting, int Delivering, long Delivered, long Dropped);
