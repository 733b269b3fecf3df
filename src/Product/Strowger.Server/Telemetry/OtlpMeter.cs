using System.Diagnostics.Metrics;
using Strowger.Server.Http.Metrics;

namespace Strowger.Server.Telemetry;

/// <summary>The figures of <c>/metrics</c> as instruments that look when they are asked: nothing is counted twice, and nothing while nobody asks.</summary>
internal sealed class OtlpMeter : IDisposable
{
    public const string Name = "Strowger";

    /// <summary>The instruments are asked one after the other; all answer from one look.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(500);

    private readonly Meter _meter = new(Name);
    private readonly MetricsSource _source;
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private MetricSamples _samples;
    private long _lookedAt;

    public OtlpMeter(MetricsSource source, TimeProvider time)
    {
        _source = source;
        _time = time;
        _samples = Look();
        foreach (var (name, isCounter, help, _) in _samples.Families)
        {
            if (isCounter)
            {
                _meter.CreateObservableCounter<double>(name, () => Now().Of(name), null, help);
            }
            else
            {
                _meter.CreateObservableGauge<double>(name, () => Now().Of(name), null, help);
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private MetricSamples Now()
    {
        lock (_turn)
        {
            return _time.GetElapsedTime(_lookedAt) < _fresh ? _samples : _samples = Look();
        }
    }

    private MetricSamples Look()
    {
        var samples = new MetricSamples();
        _source.Write(samples);
        _lookedAt = _time.GetTimestamp();
        return samples;
    }
}
