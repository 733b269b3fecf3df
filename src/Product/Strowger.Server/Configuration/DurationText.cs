using System.Globalization;

namespace Strowger.Server.Configuration;

/// <summary>Durations as people write them: 100ms, 5s, 2m, 12h, 30d.</summary>
public static class DurationText
{
    public const string Form = "a number with ms, s, m, h or d, such as 100ms or 5s";

    private static readonly (string Unit, double Milliseconds)[] Units =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().TrimEnd("dhmsDHMS").TrimEnd();
        var unit = text.AsSpan(digits.Length).Trim().ToString();
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        foreach (var (name, milliseconds) in Units)
        {
            if (string.Equals(unit, name, StringComparison.OrdinalIgnoreCase) && number * milliseconds <= TimeSpan.MaxValue.TotalMilliseconds / 2)
            {
                duration = TimeSpan.FromMilliseconds(number * milliseconds);
                return true;
            }
        }

        return false;
    }

    /// <summary>The shortest exact form.</summary>
    public static string ToText(TimeSpan duration)
    {
        foreach (var (unit, milliseconds) in Units.Reverse())
        {
            var number = duration.TotalMilliseconds / milliseconds;
            if (number >= 1 && number == Math.Floor(number))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");
    }
}
