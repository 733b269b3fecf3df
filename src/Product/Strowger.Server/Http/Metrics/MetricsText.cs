using System.Globalization;
using System.Text;

namespace Strowger.Server.Http.Metrics;

/// <summary>Prometheus text format 0.0.4: families in one piece, each with its help and type, labels escaped.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(16 * 1024);
    private string _name = string.Empty;

    public void Gauge(string name, string help) => Family(name, "gauge", help);

    public void Counter(string name, string help) => Family(name, "counter", help);

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
        Family(name, "histogram", help);
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

    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_name);
        var separator = '{';
        foreach (var (name, text) in labels)
        {
            _text.Append(separator).Append(name).Append("=\"");
            Escape(text, quotes: true);
            _text.Append('"');
            separator = ',';
        }

        if (separator == ',')
        {
            _text.Append('}');
        }

        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private void Family(string name, string type, string help)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, quotes: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void Escape(string text, bool quotes)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '"' when quotes => _text.Append("\\\""),
                _ => _text.Append(c),
            };
        }
    }
}
