using System.Diagnostics.Metrics;
using Strowger.Server.Http.Metrics;

namespace Strowger.Server.Telemetry;

/// <summary>Figures as OpenTelemetry's instruments give them out: by name, each with its labels. A histogram is its buckets, sum and count, as counters.</summary>
internal sealed class MetricSamples : MetricsSink
{
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private (bool IsCounter, string Help) _head;

    public IReadOnlyCollection<MetricFamily> Families => _families.Values;

    public IReadOnlyList<Measurement<double>> Of(string name) => _families.TryGetValue(name, out var family) ? family.Samples : [];

    protected override void Head(string name, string type, string help)
    {
        _head = (type != "gauge", help);
        if (type != "histogram")
        {
            Family(name);
        }
    }

    protected override void Write(string name, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            tags[i] = new(labels[i].Name, labels[i].Value);
        }

        Family(name).Samples.Add(new Measurement<double>(value, tags));
    }

    private MetricFamily Family(string name)
    {
        if (!_families.TryGetValue(name, out var family))
        {
            _families[name] = family = new MetricFamily(name, _head.IsCounter, _head.Help, []);
        }

        return family;
    }
}

/// <summary>One instrument.</summary>
internal sealed record MetricFamily(string Name, bool IsCounter, string Help, List<Measurement<double>> Samples);
