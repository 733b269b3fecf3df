namespace Strowger.Simulators;

/// <summary>Judges submits against the contract and keeps every figure about their pace. One lock, held for nanoseconds.</summary>
internal sealed class SubmitMeter(TimeProvider clock)
{
    /// <summary>Seconds of the series that are kept.</summary>
    internal const int SeriesSeconds = 600;

    private readonly Lock _lock = new();
    private readonly long _origin = clock.GetTimestamp();
    private readonly int[] _acceptedIn = new int[SeriesSeconds];
    private readonly int[] _throttledIn = new int[SeriesSeconds];
    private readonly GapHistogram _gaps = new();
    private long _second = -1;
    private long _firstSecond = -1;
    private long _lastThrottledSecond = -1;
    private long _slot = -1;
    private int _inSlot;
    private long _lastAt;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;
    private double _allowedWhileBusy;
    private double _busySeconds;
    private long _acceptedWhileBusy;
    private TimeSpan _minGap = TimeSpan.MaxValue;
    private TimeSpan _maxGap;

    public long Submits { get; private set; }

    public long Accepted { get; private set; }

    public long Throttled { get; private set; }

    public long OverLimitSeconds { get; private set; }

    public int PeakInBucket { get; private set; }

    /// <summary>Whether one part that arrives now is within the rate; counted either way.</summary>
    public bool TryPass(TokenBucket bucket, CarrierSettings settings)
    {
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            NoteArrival(now, settings.Rate);
            bool pass = bucket.TryTake(settings.Rate, settings.Bucket, now);
            if (!pass)
            {
                NoteOneThrottled();
            }

            return pass;
        }
    }

    /// <summary>The part that arrived last is refused for another reason than the rate of all.</summary>
    public void NoteThrottled()
    {
        lock (_lock)
        {
            NoteOneThrottled();
        }
    }

    /// <summary>The part was taken: answered with ESME_ROK, or about to be.</summary>
    public void NoteAccepted(TimeSpan bucket)
    {
        lock (_lock)
        {
            Accepted++;
            _acceptedIn[_second % SeriesSeconds]++;
            _acceptedWhileBusy++;
            long slot = clock.GetElapsedTime(_origin, _lastAt).Ticks / bucket.Ticks;
            _inSlot = slot == _slot ? _inSlot + 1 : 1;
            _slot = slot;
            PeakInBucket = Math.Max(PeakInBucket, _inSlot);
        }
    }

    public PaceReport Report()
    {
        lock (_lock)
        {
            long from = Math.Max(_firstSecond, _second - SeriesSeconds + 1);
            int count = _firstSecond < 0 ? 0 : (int)(_second - from + 1);
            int[] accepted = new int[count];
            int[] throttled = new int[count];
            for (int i = 0; i < count; i++)
            {
                accepted[i] = _acceptedIn[(from + i) % SeriesSeconds];
                throttled[i] = _throttledIn[(from + i) % SeriesSeconds];
            }

            return new PaceReport(
                _first, _last, accepted, throttled, PeakInBucket,
                new GapReport(
                    _gaps.Count == 0 ? 0 : _minGap.TotalMilliseconds, _gaps.Quantile(0.5), _gaps.Quantile(0.99), _maxGap.TotalMilliseconds),
                _busySeconds, _allowedWhileBusy > 0 ? _acceptedWhileBusy / _allowedWhileBusy : null);
        }
    }

    private void NoteOneThrottled()
    {
        Throttled++;
        _throttledIn[_second % SeriesSeconds]++;
        if (_lastThrottledSecond != _second)
        {
            _lastThrottledSecond = _second;
            OverLimitSeconds++;
        }
    }

    private void NoteArrival(long now, double rate)
    {
        Submits++;
        long second = clock.GetElapsedTime(_origin, now).Ticks / TimeSpan.TicksPerSecond;
        for (long s = Math.Max(_second + 1, second - SeriesSeconds + 1); s <= second; s++)
        {
            _acceptedIn[s % SeriesSeconds] = 0;
            _throttledIn[s % SeriesSeconds] = 0;
        }

        _second = second;
        _last = clock.GetUtcNow();
        if (_first is null)
        {
            _first = _last;
            _firstSecond = second;

            // The first part of a busy time opens it and is not measured by it: n parts at the rate last (n - 1) / rate.
            _acceptedWhileBusy = -1;
        }
        else
        {
            NoteGap(clock.GetElapsedTime(_lastAt, now), rate);
        }

        _lastAt = now;
    }

    /// <summary>Busy time is what lies between submits less than a second, or five at the rate, apart.</summary>
    private void NoteGap(TimeSpan gap, double rate)
    {
        _gaps.Add(gap);
        _minGap = gap < _minGap ? gap : _minGap;
        _maxGap = gap > _maxGap ? gap : _maxGap;
        if (gap.TotalSeconds <= Math.Max(1, rate > 0 ? 5 / rate : 1))
        {
            _busySeconds += gap.TotalSeconds;
            _allowedWhileBusy += gap.TotalSeconds * rate;
        }
        else
        {
            _acceptedWhileBusy--;
        }
    }
}
