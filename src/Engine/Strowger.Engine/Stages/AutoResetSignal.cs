using System.Threading.Tasks.Sources;

namespace Strowger.Engine.Stages;

/// <summary>One waiter, many setters, nothing allocated a wait. A set without a waiter is kept for the next one.</summary>
internal sealed class AutoResetSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isSet;
    private bool _isWaited;

    public void Set()
    {
        lock (_gate)
        {
            if (!_isWaited)
            {
                _isSet = true;
                return;
            }

            _isWaited = false;
        }

        _core.SetResult(true);
    }

    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            Invariant.Holds(!_isWaited, "a signal has one waiter");
            _core.Reset();
            _isWaited = true;
            return new ValueTask(this, _core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
