using System.Globalization;

namespace Strowger.Load.Processes;

/// <summary>Reads the text exposition format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The sum of all samples of a name, whatever their labels; null when there is none.</summary>
    public static double? Sum(string text, string name)
    {
        double? sum = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            {
                sum = (sum ?? 0) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }
}
