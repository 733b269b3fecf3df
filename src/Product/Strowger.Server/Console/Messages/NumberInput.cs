using System.Globalization;
using Strowger.Features.Messaging;

namespace Strowger.Server.ConsolePage;

/// <summary>A number as a person writes it: blanks, hyphens, brackets, '+' or 00 before it, or only its last digits.</summary>
internal static class NumberInput
{
    /// <summary>Fewer digits end too many numbers to be looked for.</summary>
    public const int MinSuffix = 3;

    /// <summary>Digits with '+' before them when it is international, separators and a prefix of 00 left out.</summary>
    public static string Plain(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.StartsWith("00", StringComparison.Ordinal) && digits.Length > Msisdn.MinDigits ? "+" + digits[2..]
            : text.TrimStart().StartsWith('+') ? "+" + digits.Replace("+", "", StringComparison.Ordinal)
            : digits;
    }

    /// <summary>Whether it is meant as a number: digits and what stands between them, nothing else.</summary>
    public static bool IsNumber(string text) =>
        text.Count(char.IsAsciiDigit) >= MinSuffix && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '.' or '/' or '(' or ')' or '\u00a0' or '\u2011');

    /// <summary>The whole number, when it can be one.</summary>
    public static Msisdn? Whole(string text)
    {
        // (0) between country code and number is for callers within the country.
        var plain = Plain(text.Replace("(0)", "", StringComparison.Ordinal));
        return Msisdn.TryParse(plain, out var number, out _) ? number : null;
    }

    /// <summary>The last digits, without a national 0 before them: value and how many.</summary>
    public static (ulong Value, int Digits)? Suffix(string text)
    {
        var digits = Plain(text).TrimStart('+').TrimStart('0');
        return digits.Length is >= MinSuffix and <= Msisdn.MaxDigits && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? (value, digits.Length) : null;
    }
}
