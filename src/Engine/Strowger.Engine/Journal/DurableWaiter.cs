using System.Threading.Tasks.Sources;

namespace Strowger.Engine.Journaling;

/// <summary>One caller waiting for a position to be synced. Reused: a wait allocates nothing once the pool is warm.</summary>
internal sealed class DurableWaiter(DurableWaiters owner) : IValueTaskSource
{
    private const int Waiting = 0;
    private const int Completed = 1;
    private const int Abandoned = 2;

    // Continuations run on the pool: the committing thread must not run callers' code.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;
    private int _state;

    public long End { get; private set; }

    public bool IsSettled => Volatile.Read(ref _state) != Waiting;

    public ValueTask Task => new(this, _core.Version);

    /// <summary>Before the waiter is listed, so that the registration is in place when it completes.</summary>
    public void Prepare(long end, CancellationToken cancellation)
    {
        End = end;
        if (cancellation.CanBeCanceled)
        {
            _cancellation = cancellation;
            _registration = cancellation.UnsafeRegister(static state => ((DurableWaiter)state!).Cancel(), this);
        }
    }

    public void Complete()
    {
        if (Interlocked.CompareExchange(ref _state, Completed, Waiting) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    public void Fail(Exception error)
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting)
        {
            _core.SetException(error);
        }
    }

    public void GetResult(short token)
    {
        // Waits for a callback that is running, so that none reaches the waiter's next use.
        _registration.Dispose();
        bool reusable = _state == Completed;
        _core.GetResult(token);
        if (reusable)
        {
            _core.Reset();
            _registration = default;
            _cancellation = default;
            Volatile.Write(ref _state, Waiting);
            owner.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel() => Fail(new OperationCanceledException(_cancellation));
}
