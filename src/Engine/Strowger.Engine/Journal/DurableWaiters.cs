namespace Strowger.Engine.Journaling;

/// <summary>The callers waiting for positions to be synced, and the synced position they wait for.</summary>
internal sealed class DurableWaiters(long durable)
{
    // Twice the callers at work at once that the figures are given for; more than that are garbage collected.
    private const int MaxFree = 512;

    private readonly Lock _gate = new();
    private readonly List<DurableWaiter> _waiting = [];
    private readonly List<DurableWaiter> _ready = [];
    private readonly Stack<DurableWaiter> _free = new();
    private long _durable = durable;
    private Exception? _closed;

    public long Durable => Volatile.Read(ref _durable);

    /// <summary>False when there is nothing to wait for.</summary>
    public bool TryWait(long end, CancellationToken cancellation, out ValueTask task)
    {
        DurableWaiter? waiter;
        lock (_gate)
        {
            _free.TryPop(out waiter);
        }

        waiter ??= new DurableWaiter(this);
        waiter.Prepare(end, cancellation);
        task = waiter.Task;
        lock (_gate)
        {
            if (_closed is null && _durable < end)
            {
                _waiting.Add(waiter);
                return true;
            }
        }

        if (_durable >= end)
        {
            waiter.Complete();
        }
        else
        {
            waiter.Fail(_closed!);
        }

        return false;
    }

    public void SetDurable(long position) => Volatile.Write(ref _durable, position);

    /// <summary>Releases those who have what they wait for and forgets those who gave up. The committing thread only.</summary>
    public void Release()
    {
        lock (_gate)
        {
            int kept = 0;
            for (int i = 0; i < _waiting.Count; i++)
            {
                DurableWaiter waiter = _waiting[i];
                if (waiter.End <= _durable)
                {
                    _ready.Add(waiter);
                }
                else if (!waiter.IsSettled)
                {
                    _waiting[kept++] = waiter;
                }
            }

            _waiting.RemoveRange(kept, _waiting.Count - kept);
        }

        for (int i = 0; i < _ready.Count; i++)
        {
            _ready[i].Complete();
        }

        _ready.Clear();
    }

    /// <summary>Nothing more will be synced: those still waiting, and all who come, hear why.</summary>
    public void Close(Exception reason)
    {
        Release();
        DurableWaiter[] left;
        lock (_gate)
        {
            _closed = reason;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (DurableWaiter waiter in left)
        {
            waiter.Fail(reason);
        }
    }

    public void Return(DurableWaiter waiter)
    {
        lock (_gate)
        {
            if (_free.Count < MaxFree)
            {
                _free.Push(waiter);
            }
        }
    }
}
