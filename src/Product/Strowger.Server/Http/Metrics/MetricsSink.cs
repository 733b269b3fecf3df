using System.Globalization;

namespace Strowger.Server.Http.Metrics;

/// <summary>Takes figures family by family: one of them is the text that Prometheus reads, the other what is sent by OTLP.</summary>
internal abstract class MetricsSink
{
    private string _name = string.Empty;

    public void Gauge(string name, string help) => Begin(name, "gauge", help);

    public void Counter(string name, string help) => Begin(name, "counter", help);

    /// <summary>A family of one sample.</summary>
    public void Gauge(string name, string help, double value)
    {
        Gauge(name, help);
        Sample(value);
    }

    /// <summary>A family of one sample.</summary>
    public void Counter(string name, string help, double value)
    {
        Counter(name, help);
        Sample(value);
    }

    /// <param name="name">Of the family.</param>
    /// <param name="help">What is measured.</param>
    /// <param name="bounds">Upper bounds of the buckets, rising.</param>
    /// <param name="counts">What fell into each bucket, not added up; one more than there are bounds.</param>
    /// <param name="sum">Of all that was measured.</param>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        Begin(name, "histogram", help);
        long count = 0;
        _name = name + "_bucket";
        for (var i = 0; i < counts.Count; i++)
        {
            count += counts[i];
            Sample(count, ("le", i < bounds.Count ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf"));
        }

        _name = name + "_sum";
        Sample(sum);
        _name = name + "_count";
        Sample(count);
    }

    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Write(_name, value, labels);

    /// <param name="name">Of the family.</param>
    /// <param name="type"><c>gauge</c>, <c>counter</c> or <c>histogram</c>.</param>
    /// <param name="help">What is measured.</param>
    protected abstract void Head(string name, string type, string help);

    /// <param name="name">Of the sample: the family's, of a histogram with a suffix.</param>
    /// <param name="value">Now.</param>
    /// <param name="labels">Few, of bounded values.</param>
    protected abstract void Write(string name, double value, ReadOnlySpan<(string Name, string Value)> labels);

    private void Begin(string name, string type, string help)
    {
        _name = name;
        Head(name, type, help);
    }
}
