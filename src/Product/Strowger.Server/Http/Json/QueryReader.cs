using System.Globalization;
using Strowger.Records;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Json;

/// <summary>Reads the parameters of an address; the first mistake is kept. A misspelt filter must not quietly list everything.</summary>
internal sealed class QueryReader(HttpContext context, params string[] known)
{
    public Problem? Problem { get; private set; } = Unknown(context, known);

    public string? Text(string name)
    {
        var values = context.Request.Query[name];
        if (values.Count > 1)
        {
            Fail(name, "it is there twice; allowed is once");
        }

        return values.Count == 0 || values[0]!.Length == 0 ? null : values[0];
    }

    /// <summary>A whole number; a text of another kind is a mistake.</summary>
    public long Number(string name, long from, long to, long fallback)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to)
        {
            return value;
        }

        Fail(name, string.Create(CultureInfo.InvariantCulture, $"'{Shown(text)}' is not allowed; allowed are whole numbers from {from} to {to}"));
        return fallback;
    }

    public int Limit(int most = RecordsLimits.MaxPage) => (int)Number("limit", 1, most, Math.Min(most, RecordsLimits.DefaultPage));

    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is null or "0" or "false")
        {
            return false;
        }

        if (text is not ("1" or "true"))
        {
            Fail(name, $"'{Shown(text)}' is not allowed; allowed are 1, true, 0 and false");
        }

        return true;
    }

    public void Fail(string name, string detail, string code = "invalid_parameter") => Problem ??= Problem.Of(code, $"{name}: {detail}.", name);

    /// <summary>The one parameter of a hot path.</summary>
    public static Problem? ReadOnlyFlag(HttpContext context, string name, out bool value)
    {
        var query = new QueryReader(context, name);
        value = query.Flag(name);
        return query.Problem;
    }

    private static Problem? Unknown(HttpContext context, string[] known)
    {
        foreach (var (name, _) in context.Request.Query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var allowed = known.Length == 0 ? "none is known here" : "known are " + string.Join(", ", known);
                return Problem.Of("unknown_parameter", $"There is no parameter '{Shown(name)}'; {allowed}.", Shown(name));
            }
        }

        return null;
    }

    private static string Shown(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
