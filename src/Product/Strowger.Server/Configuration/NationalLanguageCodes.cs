using Strowger.Smpp.Text;

namespace Strowger.Server.Configuration;

/// <summary>National languages by their codes of ISO 639-1, as the configuration and the API write them.</summary>
internal static class NationalLanguageCodes
{
    public const string Allowed = "allowed are tr, es, pt";

    private static readonly (string Code, NationalLanguage Language)[] _all =
        [("tr", NationalLanguage.Turkish), ("es", NationalLanguage.Spanish), ("pt", NationalLanguage.Portuguese)];

    public static string Of(NationalLanguage language) => Array.Find(_all, one => one.Language == language).Code;

    /// <summary>Null when there is none of that code.</summary>
    public static NationalLanguage? Find(string code) =>
        Array.Find(_all, one => string.Equals(one.Code, code, StringComparison.OrdinalIgnoreCase)) is { Code: not null } found ? found.Language : null;
}
