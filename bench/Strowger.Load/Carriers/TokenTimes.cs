using System.Diagnostics;

namespace Strowger.Load.Carriers;

/// <summary>When each text was asked for, arrived and was answered: monotonic timestamps by the token at its end, in a ring.</summary>
internal sealed class TokenTimes(int capacity)
{
    private readonly long[] _asked = new long[capacity];
    private readonly long[] _arrived = new long[capacity];
    private readonly long[] _answered = new long[capacity];
    private long _arrivals;

    /// <summary>Arrivals so far.</summary>
    public long Arrivals => Volatile.Read(ref _arrivals);

    public void Ask(long token) => Ask(token, Stopwatch.GetTimestamp());

    /// <param name="token">Of the text.</param>
    /// <param name="asked">Timestamp from which it is timed.</param>
    public void Ask(long token, long asked)
    {
        var at = (int)(token % capacity);
        Volatile.Write(ref _arrived[at], 0);
        Volatile.Write(ref _answered[at], 0);
        Volatile.Write(ref _asked[at], asked);
    }

    /// <summary>Milliseconds since it was asked for; not a number when it never was.</summary>
    public double Arrive(long token)
    {
        var now = Stopwatch.GetTimestamp();
        var at = (int)(token % capacity);
        Volatile.Write(ref _arrived[at], now);
        Interlocked.Increment(ref _arrivals);
        var asked = Volatile.Read(ref _asked[at]);
        return asked == 0 ? double.NaN : Stopwatch.GetElapsedTime(asked, now).TotalMilliseconds;
    }

    public void Answer(long token) => Volatile.Write(ref _answered[token % capacity], Stopwatch.GetTimestamp());

    /// <summary>From asking to arrival; null while it has not arrived.</summary>
    public double? ArrivedAfter(long token)
    {
        var (asked, arrived) = (Volatile.Read(ref _asked[token % capacity]), Volatile.Read(ref _arrived[token % capacity]));
        return arrived == 0 || asked == 0 ? null : Stopwatch.GetElapsedTime(asked, arrived).TotalMilliseconds;
    }

    /// <summary>When it was answered; 0 while it was not.</summary>
    public long AnsweredAt(long token) => Volatile.Read(ref _answered[token % capacity]);
}
