namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>How many a second, over the last whole seconds. Its owner locks.</summary>
internal sealed class SecondsMeter(TimeProvider time)
{
    private const int Seconds = 5;

    private readonly long _start = time.GetTimestamp();

    /// <summary>One more than are looked at: the second under way.</summary>
    private readonly long[] _counts = new long[Seconds + 1];
    private readonly long[] _seconds = new long[Seconds + 1];

    public void Add(int count)
    {
        var now = Now();
        var at = now % _counts.Length;
        if (_seconds[at] != now)
        {
            (_seconds[at], _counts[at]) = (now, 0);
        }

        _counts[at] += count;
    }

    public double Rate()
    {
        var now = Now();
        var sum = 0L;
        for (var at = 0; at < _counts.Length; at++)
        {
            sum += now - _seconds[at] is >= 1 and <= Seconds ? _counts[at] : 0;
        }

        return sum / (double)Seconds;
    }

    private long Now() => (long)time.GetElapsedTime(_start).TotalSeconds;
}
