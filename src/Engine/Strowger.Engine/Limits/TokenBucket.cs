namespace Strowger.Engine.Limits;

/// <summary>
/// Tokens a second up to a capacity, by the monotonic clock. Guarded by the engine's lock. A cost above the capacity is
/// let through when the bucket is full and paid back afterwards, so that nothing waits for ever.
/// </summary>
public sealed class TokenBucket
{
    private readonly TimeProvider _time;
    private double _tokens;
    private long _stamp;

    /// <param name="name">Shown to operators when it holds something back.</param>
    /// <param name="rate">Tokens a second, over 0.</param>
    /// <param name="capacity">The most that may be taken at once after a rest, at least 1.</param>
    /// <param name="time">Its timestamps are used, never its wall clock.</param>
    public TokenBucket(string name, double rate, double capacity, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentNullException.ThrowIfNull(time);
        Name = name;
        Rate = rate;
        Capacity = Math.Max(1, capacity);
        _time = time;
        _tokens = Capacity;
        _stamp = time.GetTimestamp();
    }

    public string Name { get; }

    public double Rate { get; private set; }

    public double Capacity { get; private set; }

    internal void Change(double rate, double capacity)
    {
        Refill();
        Rate = rate;
        Capacity = Math.Max(1, capacity);
        _tokens = Math.Min(_tokens, Capacity);
    }

    internal bool Has(int cost)
    {
        Refill();
        return _tokens >= Math.Min(cost, Capacity) - 1e-9;
    }

    internal void Take(int cost) => _tokens -= cost;

    /// <summary>How long until <paramref name="cost"/> can be taken; zero when it can now.</summary>
    internal TimeSpan Until(int cost)
    {
        Refill();
        var missing = Math.Min(cost, Capacity) - _tokens;
        return missing <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(missing / Rate);
    }

    internal bool IsFull
    {
        get
        {
            Refill();
            return _tokens >= Capacity - 1e-9;
        }
    }

    /// <summary>Whole tokens there now.</summary>
    internal long Whole
    {
        get
        {
            Refill();
            return Math.Max(0, (long)(_tokens + 1e-9));
        }
    }

    /// <summary>Whoever is behind it says that it is empty.</summary>
    internal void Drain() => Drain(0);

    /// <summary>At most so many are there now.</summary>
    internal void Drain(double tokens)
    {
        Refill();
        _tokens = Math.Min(_tokens, tokens);
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        var passed = _time.GetElapsedTime(_stamp, now).TotalSeconds;
        if (passed > 0)
        {
            _tokens = Math.Min(Capacity, _tokens + (passed * Rate));
            _stamp = now;
        }
    }
}
