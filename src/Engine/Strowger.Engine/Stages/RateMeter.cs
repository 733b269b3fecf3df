namespace Strowger.Engine.Stages;

/// <summary>What passed in each of the last seconds, by the monotonic clock. Guarded by the engine's lock.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private const int Seconds = 16;

    private readonly long[] _counts = new long[Seconds];
    private long _second = time.GetTimestamp() / time.TimestampFrequency;

    public void Add(int count)
    {
        Roll();
        _counts[_second % Seconds] += count;
    }

    /// <summary>A second, over the last whole <paramref name="seconds"/> (1 to 15).</summary>
    public double Rate(int seconds)
    {
        Roll();
        var sum = 0L;
        for (var i = 1; i <= seconds; i++)
        {
            sum += _counts[(_second - i + (Seconds * 2)) % Seconds];
        }

        return (double)sum / seconds;
    }

    private void Roll()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        for (var i = 0; _second < now && i < Seconds; i++)
        {
            _second++;
            _counts[_second % Seconds] = 0;
        }

        _second = now;
    }
}
