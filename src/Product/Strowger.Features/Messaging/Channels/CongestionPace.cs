namespace Strowger.Features.Messaging.Channels;

/// <summary>
/// Follows the carrier's congestion_state (SMPP 5.0, 4.8.4.18): faster below 80, as it is from 80 to 89, slower from 90, half at once at 100; never above
/// the channel's own rate. One for each channel, told by all its binds. Thread-safe.
/// </summary>
internal sealed class CongestionPace(TimeProvider time)
{
    /// <summary>Between two steps: what was sent before the last one has been answered by then.</summary>
    public static readonly TimeSpan MinStep = TimeSpan.FromMilliseconds(200);

    /// <summary>A carrier that has said nothing for so long takes the pace up again by itself: it may only speak when it is crowded.</summary>
    public static readonly TimeSpan Forget = TimeSpan.FromSeconds(10);

    private const byte Congested = 100;
    private const byte Nearing = 90;
    private const byte Optimum = 80;
    private const double Halve = 0.5;
    private const double Slower = 0.9;
    private const double Faster = 0.05;

    /// <summary>A carrier that is full for hours is asked again now and then.</summary>
    private const double LeastShare = 0.01;

    private readonly Lock _gate = new();
    private double? _asked;
    private double _top;
    private long _steppedAt;
    private long _heardAt;
    private int _state = -1;
    private DateTimeOffset _at;

    /// <summary>The last one, 0 to 100, and when it came; null when none has.</summary>
    public (int State, DateTimeOffset At)? Last
    {
        get
        {
            lock (_gate)
            {
                return _state < 0 ? null : (_state, _at);
            }
        }
    }

    /// <summary>Parts a second that the carrier is to get at most; null = the channel's rate.</summary>
    public double? Asked
    {
        get
        {
            lock (_gate)
            {
                return _asked;
            }
        }
    }

    /// <summary>Takes what an answer said. True when the pace has changed.</summary>
    /// <param name="state">Above 100 says nothing (reserved).</param>
    /// <param name="rate">The channel's, null = unlimited.</param>
    /// <param name="used">Parts a second of late.</param>
    /// <param name="roundTrip">From submit to answer.</param>
    public bool Hear(byte state, double? rate, double used, TimeSpan roundTrip)
    {
        if (state > Congested)
        {
            return false;
        }

        lock (_gate)
        {
            var now = time.GetTimestamp();
            (_state, _at, _heardAt) = (state, time.GetUtcNow(), now);
            var step = roundTrip > MinStep ? roundTrip : MinStep;
            var isFirst = _asked is null && state >= Nearing;
            if (state is >= Optimum and < Nearing || (_asked is null && !isFirst) || (!isFirst && time.GetElapsedTime(_steppedAt, now) < step))
            {
                return false;
            }

            _steppedAt = now;
            return state switch
            {
                Congested => Slow(Halve, rate, used),
                >= Nearing => Slow(Slower, rate, used),
                _ => Climb(rate),
            };
        }
    }

    /// <summary>To be called about once a second. True when the pace has changed.</summary>
    public bool Tick(double? rate)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            return _asked is not null && time.GetElapsedTime(_heardAt, now) >= Forget && Climb(rate);
        }
    }

    private bool Slow(double factor, double? rate, double used)
    {
        if (_asked is null)
        {
            // Without a rate of its own the channel slows from what it did.
            _top = rate ?? Math.Max(1, used);
        }

        _asked = Math.Max(_top * LeastShare, (_asked ?? _top) * factor);
        return true;
    }

    private bool Climb(double? rate)
    {
        var top = rate ?? _top;
        _asked += top * Faster;
        if (_asked >= top)
        {
            _asked = null;
        }

        return true;
    }
}
