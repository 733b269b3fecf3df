using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// A language of the console. The English text is the key; what a table lacks stays English. Tables are the files
/// <c>Console/Texts/*.es.txt</c>: a line in English, a line in Spanish, a blank line.
/// </summary>
public sealed class Language
{
    internal const string CookieName = "strowger_language";

    /// <summary>The file of sentences that are made elsewhere: theirs are no words of the pages.</summary>
    private const string ErrorTexts = "texts/errors.";

    private readonly FrozenDictionary<string, string> _texts;
    private readonly ToldTemplates? _told;
    private readonly CultureInfo _culture;

    private Language(string code, string name, NumberFormatInfo numbers)
    {
        Code = code;
        Name = name;
        _texts = Load(code);
        _told = _texts.Count > 0 ? new ToldTemplates(Load(code, ofErrors: true)) : null;
        _culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        _culture.NumberFormat = numbers;
    }

    internal static Language English { get; } = new("en", "English", NumberFormatInfo.InvariantInfo);

    /// <summary>Groups by a narrow blank and a decimal comma (Ortografía de la lengua española, 2010).</summary>
    internal static Language Spanish { get; } = new("es", "Español", new NumberFormatInfo { NumberGroupSeparator = "\u202f", NumberDecimalSeparator = "," });

    internal static IReadOnlyList<Language> All { get; } = [English, Spanish];

    internal string Code { get; }

    internal string Name { get; }

    /// <summary>The English texts this language has words for.</summary>
    internal IEnumerable<string> Known => _texts.Keys;

    internal string this[string english]
    {
        get
        {
            // Blanks at the ends belong to the place, not to the text.
            var text = english.Trim();
            return text.Length == 0 || !_texts.TryGetValue(text, out var own) ? english
                : text.Length == english.Length ? own : english.Replace(text, own, StringComparison.Ordinal);
        }
    }

    /// <summary>With values at <c>{0}</c>, <c>{1}</c> …; numbers in the language's own way.</summary>
    internal string this[string english, params object?[] values] => string.Format(_culture, this[english], values);

    /// <summary>An error or a reason that another part of the program said in English; what no table knows stays as it is.</summary>
    internal string Told(string english) => _told?.Of(english) ?? english;

    internal string Count(long value) => value.ToString("N0", _culture);

    internal string Texts(long value) => value == 1 ? this["1 text"] : this["{0} texts", Count(value)];

    internal string Parts(long value) => value == 1 ? this["1 part"] : this["{0} parts", Count(value)];

    internal string Rows(long value) => value == 1 ? this["1 row"] : this["{0} rows", Count(value)];

    internal string Binds(long value) => value == 1 ? this["1 bind"] : this["{0} binds", Count(value)];

    internal string Jobs(long value) => value == 1 ? this["1 job"] : this["{0} jobs", Count(value)];

    internal string Times(long value) => value == 1 ? this["once"] : this["{0} times", Count(value)];

    /// <summary>An amount, in whole units from a hundred on.</summary>
    internal string Money(decimal value, string currency) =>
        (value.ToString(value >= 100 ? "N0" : "N2", _culture) + " " + currency).TrimEnd();

    /// <summary>The price of one part: as many digits as it has.</summary>
    internal string Price(decimal value, string currency) => (value.ToString("0.######", _culture) + " " + currency).TrimEnd();

    /// <summary>Three digits that mean something.</summary>
    internal string Rate(double value) => value.ToString(value >= 100 ? "N0" : value >= 10 ? "0.#" : "0.##", _culture);

    internal string PerSecond(double value) => this["{0} a second", Rate(value)];

    internal string Percent(double share) =>
        (share * 100).ToString(share is > 0.95 and < 0.9995 or (> 0 and < 0.095) ? "0.#" : "0", _culture) + " %";

    internal string Duration(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 0.5 } => this["under 1 ms"],
        { TotalMilliseconds: < 999.5 } => span.TotalMilliseconds.ToString("0", _culture) + " ms",
        { TotalSeconds: < 9.95 } => span.TotalSeconds.ToString("0.#", _culture) + " s",
        { TotalSeconds: < 120 } => Math.Round(span.TotalSeconds).ToString("0", _culture) + " s",
        { TotalMinutes: < 120, Seconds: 0 } => string.Create(_culture, $"{(int)span.TotalMinutes} min"),
        { TotalMinutes: < 120 } => string.Create(_culture, $"{(int)span.TotalMinutes} min {span.Seconds} s"),
        { TotalHours: < 48, Minutes: 0 } => string.Create(_culture, $"{(int)span.TotalHours} h"),
        { TotalHours: < 48 } => string.Create(_culture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        _ => this["{0} days", Count((long)span.TotalDays)],
    };

    /// <summary>"a", "a and b", "a, b and c", and from the fifth on "a, b, c and 2 more".</summary>
    internal string List(IReadOnlyList<string> names)
    {
        var shown = names.Count <= 4 ? names : [.. names.Take(3), this["{0} more", Count(names.Count - 3)]];
        return shown.Count == 1 ? shown[0] : string.Join(", ", shown.Take(shown.Count - 1)) + this[" and "] + shown[^1];
    }

    /// <summary>The one chosen, else the first of the browser's that we have (RFC 9110, 12.5.4), else English.</summary>
    internal static Language Of(HttpContext context)
    {
        var chosen = context.Request.Cookies[CookieName];
        return All.FirstOrDefault(l => l.Code == chosen)
            ?? context.Request.GetTypedHeaders().AcceptLanguage
                .OrderByDescending(l => l.Quality ?? 1)
                .Select(l => All.FirstOrDefault(known => l.Value.StartsWith(known.Code, StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(l => l is not null)
            ?? English;
    }

    internal static FrozenDictionary<string, string> Load(string code, bool ofErrors = false)
    {
        var texts = new Dictionary<string, string>();
        var assembly = typeof(Language).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("texts/", StringComparison.Ordinal) && n.StartsWith(ErrorTexts, StringComparison.Ordinal) == ofErrors && n.EndsWith($".{code}.txt", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            string? english = null;
            while (reader.ReadLine() is { } line)
            {
                if (english is null)
                {
                    english = line.Length == 0 ? null : line;
                }
                else
                {
                    texts[english] = line;
                    english = null;
                }
            }
        }

        return texts.ToFrozenDictionary();
    }
}
