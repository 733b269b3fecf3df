namespace Strowger.Features.Access;

/// <summary>So many a second, and at most <paramref name="size"/> at once. Not safe for several threads: its owner locks.</summary>
internal struct TokenBucket(double perSecond, double size, long timestamp)
{
    private readonly double _perSecond = perSecond;
    private readonly double _size = size;
    private double _tokens = size;
    private long _at = timestamp;

    /// <summary>Nothing was taken for so long that it is as good as new.</summary>
    public bool IsFull(TimeProvider time, long now) => Level(time, now) >= _size;

    /// <summary>True when a token could be taken; it is not.</summary>
    public bool Has(TimeProvider time, long now, out TimeSpan wait)
    {
        var level = Level(time, now);
        wait = level >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - level) / _perSecond);
        return level >= 1;
    }

    public bool TryTake(TimeProvider time, long now, out TimeSpan wait)
    {
        var has = Has(time, now, out wait);
        _tokens = Level(time, now) - (has ? 1 : 0);
        _at = now;
        return has;
    }

    private readonly double Level(TimeProvider time, long now) =>
        Math.Min(_size, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
}
