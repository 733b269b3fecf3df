using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>One system id: its bucket, its binds, and what waits to be delivered to it.</summary>
internal sealed class Account(TimeProvider clock)
{
    /// <summary>Deliveries due and not taken, an account; more are dropped and counted.</summary>
    private const int MaxReady = 1_000_000;

    /// <summary>Refusals by the ESME after which a delivery is given up.</summary>
    private const int MaxAttempts = 20;

    private readonly Lock _lock = new();
    private readonly List<SmppServerSession> _sessions = [];
    private readonly Queue<PendingDeliver> _ready = new();
    private readonly Dictionary<long, PendingDeliver> _inFlight = [];
    private long _lastTag;
    private uint _turn;

    public TokenBucket Bucket { get; } = new(clock);

    /// <summary>Whether a delivery could go somewhere now.</summary>
    public bool HasBind
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count > 0;
            }
        }
    }


    public void Add(SmppServerSession session)
    {
        lock (_lock)
        {
            _sessions.Add(session);
        }

        Pump();
    }

    public void Remove(SmppServerSession session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
        }
    }

    /// <summary>Queues a delivery; <see cref="Pump"/> sends it.</summary>
    public void Enqueue(PendingDeliver deliver)
    {
        lock (_lock)
        {
            if (_ready.Count >= MaxReady)
            {
                deliver.Counts.Drop();
                return;
            }

            _ready.Enqueue(deliver);
        }
    }

    /// <summary>Sends what the binds' windows allow. Never called with a session's own lock held.</summary>
    public void Pump()
    {
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return;
            }

            int refusals = 0;
            while (_ready.Count > 0 && refusals < _sessions.Count)
            {
                var session = _sessions[(int)(_turn++ % (uint)_sessions.Count)];
                var next = _ready.Peek();
                if (session.Deliver(_lastTag + 1, Encode(next)) != SubmitRefusal.None)
                {
                    refusals++;
                    continue;
                }

                refusals = 0;
                _inFlight[++_lastTag] = _ready.Dequeue();
            }

            foreach (var session in _sessions)
            {
                session.Flush();
            }
        }
    }

    public void Answered(long tag, uint status)
    {
        lock (_lock)
        {
            if (!_inFlight.Remove(tag, out var deliver))
            {
                return;
            }

            if (status == CommandStatus.Ok)
            {
                deliver.Counts.Deliver();
                return;
            }

            deliver.Counts.Refuse();
            Again(deliver);
        }
    }

    public void Unanswered(long tag)
    {
        lock (_lock)
        {
            if (_inFlight.Remove(tag, out var deliver))
            {
                Again(deliver);
            }
        }
    }

    /// <summary>As it goes over the wire.</summary>
    internal static DeliverSm Encode(PendingDeliver deliver) => new()
    {
        SourceTon = deliver.SourceTon,
        SourceNpi = 1,
        Source = deliver.Source,
        DestinationTon = deliver.DestinationTon,
        DestinationNpi = 1,
        Destination = deliver.Destination,
        EsmClass = deliver.IsReceipt ? (byte)0x04 : (byte)0,
        DataCoding = deliver.DataCoding,
        ShortMessage = deliver.Text,
        Tlvs = deliver.Tlvs.AsSpan(),
    };

    private void Again(PendingDeliver deliver)
    {
        if (++deliver.Attempts >= MaxAttempts)
        {
            deliver.Counts.Drop();
        }
        else
        {
            _ready.Enqueue(deliver);
        }
    }
}
