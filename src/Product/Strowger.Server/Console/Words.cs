using System.Globalization;

namespace Strowger.Server.ConsolePage;

/// <summary>Numbers as a person reads them, each with its unit; the same on the page and on the terminal.</summary>
internal static class Words
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Texts(long value) => value == 1 ? "1 text" : Count(value) + " texts";

    /// <summary>Three digits that mean something: 4,975 · 24.6 · 0.35.</summary>
    public static string Rate(double value) => value.ToString(value >= 100 ? "N0" : value >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture);

    public static string PerSecond(double value) => Rate(value) + " a second";

    /// <param name="share">1 = all.</param>
    public static string Percent(double share) =>
        (share * 100).ToString(share is > 0.95 and < 0.9995 or (> 0 and < 0.095) ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";

    public static string Duration(TimeSpan span)
    {
        var culture = CultureInfo.InvariantCulture;
        return span switch
        {
            { TotalMilliseconds: < 0.5 } => "under 1 ms",
            { TotalMilliseconds: < 999.5 } => span.TotalMilliseconds.ToString("0", culture) + " ms",
            { TotalSeconds: < 9.95 } => span.TotalSeconds.ToString("0.#", culture) + " s",
            { TotalSeconds: < 120 } => Math.Round(span.TotalSeconds).ToString("0", culture) + " s",
            { TotalMinutes: < 120, Seconds: 0 } => string.Create(culture, $"{(int)span.TotalMinutes} min"),
            { TotalMinutes: < 120 } => string.Create(culture, $"{(int)span.TotalMinutes} min {span.Seconds} s"),
            { TotalHours: < 48, Minutes: 0 } => string.Create(culture, $"{(int)span.TotalHours} h"),
            { TotalHours: < 48 } => string.Create(culture, $"{(int)span.TotalHours} h {span.Minutes} min"),
            _ => string.Create(culture, $"{span.TotalDays:N0} days"),
        };
    }

    /// <summary>"a", "a and b", "a, b and c", and from the fifth on "a, b, c and 2 more".</summary>
    public static string List(IReadOnlyList<string> names)
    {
        var shown = names.Count <= 4 ? names : [.. names.Take(3), Count(names.Count - 3) + " more"];
        return shown.Count == 1 ? shown[0] : string.Join(", ", shown.Take(shown.Count - 1)) + " and " + shown[^1];
    }

    /// <summary>A reason for use within brackets: its last cause, without what led to it and the explanation after it.</summary>
    public static string Brief(string reason)
    {
        var at = reason.IndexOf(" (", StringComparison.Ordinal);
        var words = (at > 0 ? reason[..at] : reason).TrimEnd('.', ' ');
        return Cut(words[(words.LastIndexOf(": ", StringComparison.Ordinal) is > 0 and var from ? from + 2 : 0)..]);
    }

    public static string Cut(string text) => text.Length <= ConsoleLimits.MaxReason ? text : text[..(ConsoleLimits.MaxReason - 1)] + "…";
}
