namespace Strowger.Simulators;

/// <summary>A strict token bucket by the monotonic clock: a part needs one whole token, the bucket starts full.</summary>
internal sealed class TokenBucket(TimeProvider clock)
{
    /// <summary>Rounding of many small refills must not cost a token.</summary>
    private const double Epsilon = 1e-6;

    private double _tokens = double.MaxValue;
    private long _last = clock.GetTimestamp();

    /// <param name="rate">Tokens a second; 0 = unlimited.</param>
    public bool TryTake(double rate, TimeSpan bucket, long now)
    {
        if (rate <= 0)
        {
            return true;
        }

        double capacity = Math.Max(1, rate * bucket.TotalSeconds);
        _tokens = Math.Min(capacity, _tokens + (clock.GetElapsedTime(_last, now).TotalSeconds * rate));
        _last = now;
        if (_tokens < 1 - Epsilon)
        {
            return false;
        }

        _tokens -= 1;
        return true;
    }
}
