namespace Strowger.Simulators;

/// <summary>Items that come due at a time each, in order of that time, by one timer. Bounded; a full queue refuses.</summary>
internal sealed class DelayQueue<T> : IDisposable
{
    /// <summary>Items handed over in one turn of the lock.</summary>
    private const int BatchItems = 256;
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _clock;
    private readonly int _limit;
    private readonly Action<List<T>> _due;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<T, (long At, long Order)> _items = new();
    private readonly List<T> _batch = new(BatchItems);
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private long _order;
    private bool _draining;
    private bool _disposed;

    /// <param name="due">Called with what is due, never twice at once.</param>
    public DelayQueue(TimeProvider clock, int limit, Action<List<T>> due)
    {
        _clock = clock;
        _limit = limit;
        _due = due;
        _timer = clock.CreateTimer(static queue => ((DelayQueue<T>)queue!).Drain(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    public bool TryAdd(T item, TimeSpan delay)
    {
        long now = _clock.GetTimestamp();
        long at = now + (long)(delay.TotalSeconds * _clock.TimestampFrequency);
        lock (_lock)
        {
            if (_items.Count >= _limit || _disposed)
            {
                return false;
            }

            _items.Enqueue(item, (at, _order++));
            if (at < _armedFor && !_draining)
            {
                Arm(at, now);
            }

            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _items.Clear();
        }

        _timer.Dispose();
    }

    private void Drain()
    {
        lock (_lock)
        {
            if (_draining)
            {
                return;
            }

            _draining = true;
        }

        while (true)
        {
            lock (_lock)
            {
                long now = _clock.GetTimestamp();
                _batch.Clear();
                while (_batch.Count < BatchItems && _items.TryPeek(out _, out var due) && due.At <= now)
                {
                    _batch.Add(_items.Dequeue());
                }

                if (_batch.Count == 0)
                {
                    _draining = false;
                    _armedFor = long.MaxValue;
                    if (!_disposed && _items.TryPeek(out _, out var next))
                    {
                        Arm(next.At, now);
                    }

                    return;
                }
            }

            _due(_batch);
        }
    }

    private void Arm(long at, long now)
    {
        _armedFor = at;
        var wait = at > now ? _clock.GetElapsedTime(now, at) : TimeSpan.Zero;

        // Whole milliseconds, rounded up: the runtime's timers know nothing finer.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait / Grain)), Timeout.InfiniteTimeSpan);
    }
}
