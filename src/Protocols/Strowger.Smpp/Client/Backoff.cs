namespace Strowger.Smpp;

/// <summary>Exponential waits with jitter, so that many clients of one carrier do not come back at once.</summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private int _attempts;

    public void Reset() => _attempts = 0;

    /// <summary>Doubles from <c>min</c> to <c>max</c>; the actual wait is between half and all of that.</summary>
    public TimeSpan Next()
    {
        double full = Math.Min(max.Ticks, min.Ticks * Math.Pow(2, Math.Min(_attempts, 40)));
        _attempts++;
        return TimeSpan.FromTicks((long)(full * (0.5 + (random.NextDouble() / 2))));
    }
}
