namespace Strowger.Simulators;

/// <param name="Seen">Source addresses, those that are kept apart.</param>
/// <param name="Throttled">Parts over the rate or the day of their source.</param>
/// <param name="PeakDay">The most parts that one source had accepted in one UTC day.</param>
/// <param name="LeastRateUsed">Of the source that used least of its rate between its first part and its last; null without a rate, or before any source had 20.</param>
public sealed record SourceReport(int Seen, long Throttled, long PeakDay, double? LeastRateUsed);

/// <summary>Judges submits by source address: a rate and a count by UTC day of each.</summary>
internal sealed class SourceMeter(TimeProvider clock)
{
    /// <summary>Kept apart; later ones are not judged: some 30 MB.</summary>
    private const int MaxSources = 100_000;

    /// <summary>So many parts and their rate means something.</summary>
    private const int Enough = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string SystemId, string Source), Source> _sources = [];
    private long _throttled;
    private long _peakDay;
    private double _rate;

    /// <summary>Whether one part of this source that arrives now is within its limits; counted when it is.</summary>
    public bool TryPass(string systemId, string address, CarrierSettings settings)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue((systemId, address), out var source))
            {
                if (_sources.Count >= MaxSources)
                {
                    return true;
                }

                _sources.Add((systemId, address), source = new Source(clock));
            }

            _rate = settings.SourceRate;
            long day = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay;
            source.InDay = source.Day == day ? source.InDay : 0;
            source.Day = day;
            long now = clock.GetTimestamp();
            if ((settings.SourceDay > 0 && source.InDay >= settings.SourceDay) || !source.Bucket.TryTake(settings.SourceRate, settings.Bucket, now))
            {
                _throttled++;
                return false;
            }

            source.InDay++;
            _peakDay = Math.Max(_peakDay, source.InDay);
            source.First = source.Accepted++ == 0 ? now : source.First;
            source.Last = now;
            return true;
        }
    }

    public SourceReport Report()
    {
        lock (_lock)
        {
            double? least = null;
            foreach (var source in _sources.Values)
            {
                double seconds = clock.GetElapsedTime(source.First, source.Last).TotalSeconds;
                if (_rate > 0 && source.Accepted >= Enough && seconds > 0)
                {
                    // n parts at the rate last (n - 1) / rate.
                    least = Math.Min(least ?? double.MaxValue, (source.Accepted - 1) / seconds / _rate);
                }
            }

            return new SourceReport(_sources.Count, _throttled, _peakDay, least);
        }
    }

    private sealed class Source(TimeProvider clock)
    {
        public readonly TokenBucket Bucket = new(clock);
        public long Day;
        public long InDay;
        public long Accepted;
        public long First;
        public long Last;
    }
}
