using System.Net;
using System.Text;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>One client as it is now: its settings, which may change while it is bound, its binds, its pace, its counts.</summary>
internal sealed class DoorClient
{
    private const string QueuePrefix = "smpp:";

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly SecondsMeter _meter;
    private readonly List<DoorSession> _sessions = [];

    /// <summary>Those that have a place kept and are not bound yet.</summary>
    private readonly HashSet<DoorSession> _binding = [];
    private volatile State _state;
    private double _tokens;
    private long _filledAt;
    private long _accepted;
    private long _refused;
    private long _throttled;
    private long _delivered;
    private long _dropped;
    private volatile SmppServerSession[] _receivers = [];
    private (DateTimeOffset At, uint Status, string? Reason, string? Address) _refusal;
    private bool _isGone;

    public DoorClient(DoorClientSettings settings, ProgramSecret secret, TimeProvider time)
    {
        _state = State.Of(settings, secret);
        _time = time;
        _meter = new SecondsMeter(time);
        SystemIdOctets = Encoding.ASCII.GetBytes(settings.SystemId);
        _tokens = Burst;
        _filledAt = time.GetTimestamp();
    }

    public DoorClientSettings Settings => _state.Settings;

    /// <summary>The password it binds with.</summary>
    public ProgramSecret Secret => _state.Secret;

    public byte[] SystemIdOctets { get; }

    /// <summary>UTF-8; empty = by number.</summary>
    public byte[] Channel => _state.Channel;

    /// <summary>Who hands its texts in, as messages keep it; also the flow they wait in, and the queue of what goes to it.</summary>
    public string Account => QueuePrefix + Settings.SystemId;

    /// <summary>Binds that take deliveries.</summary>
    public SmppServerSession[] Receivers => _receivers;

    /// <summary>Called when <see cref="Receivers"/> has changed.</summary>
    public Action? ReceiversChanged { get; set; }

    /// <summary>Feeds deliveries; null before the door is open.</summary>
    public Stage? Stage { get; set; }

    private double Burst => Math.Max(1, Settings.Rate ?? 1);

    /// <summary>Whether a bind may come from there.</summary>
    public bool MayCome(IPAddress? address)
    {
        var allow = Settings.Allow;
        if (allow.Count == 0 || address is null)
        {
            return allow.Count == 0;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allow.Any(network => network.Contains(plain));
    }

    /// <summary>Keeps a place for one more bind. False when it has as many as it may, or is gone.</summary>
    public bool TryReserve(DoorSession session)
    {
        lock (_gate)
        {
            return !_isGone && !session.IsClosed && _sessions.Count + _binding.Count < Settings.Binds && _binding.Add(session);
        }
    }

    /// <summary>The bind that <see cref="TryReserve"/> kept a place for is there.</summary>
    /// <returns>False when the client was changed meanwhile so that it may not stay.</returns>
    public bool Add(DoorSession session)
    {
        bool mayStay;
        lock (_gate)
        {
            _binding.Remove(session);
            _sessions.Add(session);
            mayStay = MayStay(session);
            session.IsEnding = !mayStay;
            SetReceivers();
        }

        ReceiversChanged?.Invoke();
        return mayStay;
    }

    public void Remove(DoorSession session)
    {
        lock (_gate)
        {
            session.IsClosed = true;
            if (_binding.Remove(session) || !_sessions.Remove(session))
            {
                // It went before it was there.
                return;
            }

            SetReceivers();
        }

        ReceiversChanged?.Invoke();
    }

    /// <summary>Counts from now on, for those who are bound too.</summary>
    /// <param name="settings">Of the same SystemId.</param>
    /// <param name="secret">Null when it has not changed.</param>
    /// <returns>Binds that may not stay; they are taken for ending from here on.</returns>
    public IReadOnlyList<DoorSession> Change(DoorClientSettings settings, ProgramSecret? secret)
    {
        IReadOnlyList<DoorSession> ending;
        lock (_gate)
        {
            Fill();
            var wasUnlimited = Settings.Rate is null;
            _state = State.Of(settings, secret ?? Secret);
            _tokens = wasUnlimited ? Burst : Math.Min(_tokens, Burst);
            ending = End(session => !MayStay(session));
        }

        ReceiversChanged?.Invoke();
        return ending;
    }

    /// <summary>Takes nothing more from now on.</summary>
    /// <returns>Its binds, all of which are to be ended.</returns>
    public IReadOnlyList<DoorSession> Leave()
    {
        IReadOnlyList<DoorSession> ending;
        lock (_gate)
        {
            _isGone = true;
            ending = End(static _ => true);
        }

        ReceiversChanged?.Invoke();
        return ending;
    }

    /// <summary>Takes what a text of so many parts costs. False: over its rate.</summary>
    /// <param name="parts">0 looks only.</param>
    public bool TryTake(int parts)
    {
        if (Settings.Rate is null)
        {
            return true;
        }

        lock (_gate)
        {
            Fill();

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
        lock (_gate)
        {
            _refused++;
            _throttled += status == CommandStatus.Throttled ? 1 : 0;
            _refusal = (_time.GetUtcNow(), status, null, null);
        }
    }

    /// <summary>A bind in its name was refused.</summary>
    public void NoteRefusedBind(uint status, string reason, IPAddress? address)
    {
        lock (_gate)
        {
            _refusal = (_time.GetUtcNow(), status, reason, address?.ToString());
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
                _refused,
                _throttled,
                queue?.Live ?? 0,
                Stage?.InFlight ?? 0,
                Interlocked.Read(ref _delivered),
                Interlocked.Read(ref _dropped),
                _refusal.Status == 0 ? null : new DoorRefusal(_refusal.At, _refusal.Status, _refusal.Reason ?? DoorRefusal.WordsOf(_refusal.Status), _refusal.Address));
        }
    }

    private void Fill()
    {
        var now = _time.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (_time.GetElapsedTime(_filledAt, now).TotalSeconds * (Settings.Rate ?? 0)));
        _filledAt = now;
    }

    /// <summary>By its password, its address, and its place among the binds: the oldest stay.</summary>
    private bool MayStay(DoorSession session) =>
        !_isGone && ReferenceEquals(session.Secret, Secret) && MayCome(session.Session.Remote?.Address)
        && _sessions.TakeWhile(other => other != session).Count(other => !other.IsEnding) < Settings.Binds;

    private DoorSession[] End(Func<DoorSession, bool> isOver)
    {
        var ending = new List<DoorSession>();
        foreach (var session in _sessions)
        {
            if (!session.IsEnding && isOver(session))
            {
                session.IsEnding = true;
                ending.Add(session);
            }
        }

        SetReceivers();
        return [.. ending];
    }

    private void SetReceivers() =>
        _receivers = [.. _sessions.Where(session => !session.IsEnding && session.Session.Mode != BindMode.Transmitter).Select(session => session.Session)];

    /// <summary>What changes together.</summary>
    private sealed record State(DoorClientSettings Settings, ProgramSecret Secret, byte[] Channel)
    {
        public static State Of(DoorClientSettings settings, ProgramSecret secret) => new(settings, secret, Encoding.UTF8.GetBytes(settings.Channel ?? string.Empty));
    }
}
