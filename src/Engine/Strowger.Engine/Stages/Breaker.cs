namespace Strowger.Engine.Stages;

/// <summary>
/// Closed → open after so many failures in a row → half open after a pause (one job) → slow start, the width doubling with
/// each width's worth of successes → closed. It works through the stage's capacity.
/// </summary>
internal sealed class Breaker : IDisposable
{
    private readonly Stage _stage;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private int _failures;
    private int _width = int.MaxValue;
    private int _successes;

    public Breaker(Stage stage, TimeProvider time)
    {
        _stage = stage;
        _timer = time.CreateTimer(_ => HalfOpen(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsOpen => _width == 0;

    public void Observe(OutcomeKind kind)
    {
        if (_stage.Options.BreakerFailures == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (kind is OutcomeKind.Retry or OutcomeKind.Unreachable or OutcomeKind.Unsure)
            {
                Fail();
            }
            else
            {
                Succeed();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Fail()
    {
        _successes = 0;
        if (++_failures >= _stage.Options.BreakerFailures || _width == 1)
        {
            _failures = 0;
            SetWidth(0);
            _timer.Change(_stage.Options.BreakerPause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Succeed()
    {
        _failures = 0;
        if (_width is 0 or int.MaxValue || ++_successes < _width)
        {
            return;
        }

        _successes = 0;
        SetWidth(_width * 2 >= _stage.Options.Width ? int.MaxValue : _width * 2);
    }

    private void HalfOpen()
    {
        lock (_gate)
        {
            SetWidth(1);
        }
    }

    private void SetWidth(int width)
    {
        _width = width;
        _stage.SetCapacity(width);
    }
}
