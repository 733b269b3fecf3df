using System.Globalization;

namespace Strowger.Features.Messaging;

/// <summary>Why a number is not E.164.</summary>
public enum MsisdnError : byte
{
    /// <summary>It is.</summary>
    None,

    /// <summary>Nothing there.</summary>
    Empty,

    /// <summary>It starts with 0: national, or with the prefix 00.</summary>
    LeadingZero,

    /// <summary>A blank, hyphen, parenthesis or other separator.</summary>
    Separator,

    /// <summary>A character that is neither a digit nor a separator.</summary>
    NotDigit,

    /// <summary>Under 7 digits.</summary>
    TooShort,

    /// <summary>Over 15 digits.</summary>
    TooLong,
}

/// <summary>A subscriber's number: ITU-T E.164, 7 to 15 digits, country code first. Kept as the number the digits make, which loses nothing since the first is not 0.</summary>
/// <param name="Value">The digits.</param>
public readonly record struct Msisdn(ulong Value)
{
    /// <summary>Fewest digits: the shortest international numbers in use.</summary>
    public const int MinDigits = 7;

    /// <summary>Most digits (E.164, 6.2.1).</summary>
    public const int MaxDigits = 15;

    private const ulong MinValue = 1_000_000;
    private const ulong MaxValue = 999_999_999_999_999;

    /// <summary>True when the value can have come from <see cref="TryParse(ReadOnlySpan{byte}, out Msisdn, out MsisdnError)"/>.</summary>
    public bool IsValid => Value is >= MinValue and <= MaxValue;

    /// <summary>Reads digits with an optional '+' before them and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Msisdn msisdn, out MsisdnError error)
    {
        msisdn = default;
        error = MsisdnError.None;
        if (text is [(byte)'+', ..])
        {
            text = text[1..];
        }

        if (text.IsEmpty)
        {
            error = MsisdnError.Empty;
            return false;
        }

        ulong value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                error = b is (byte)' ' or (byte)'-' or (byte)'(' or (byte)')' or (byte)'.' or (byte)'/' or (byte)'\t' ? MsisdnError.Separator : MsisdnError.NotDigit;
                return false;
            }

            value = (value * 10) + (ulong)(b - '0');
        }

        error = text[0] == '0' ? MsisdnError.LeadingZero
            : text.Length < MinDigits ? MsisdnError.TooShort
            : text.Length > MaxDigits ? MsisdnError.TooLong
            : MsisdnError.None;
        msisdn = error == MsisdnError.None ? new Msisdn(value) : default;
        return error == MsisdnError.None;
    }

    /// <summary>Reads digits with an optional '+' before them and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Msisdn msisdn, out MsisdnError error)
    {
        Span<byte> octets = stackalloc byte[MaxDigits + 2];
        var n = Math.Min(text.Length, octets.Length);
        for (var i = 0; i < n; i++)
        {
            octets[i] = text[i] < 0x80 ? (byte)text[i] : (byte)'?';
        }

        return TryParse(octets[..n], out msisdn, out error);
    }

    /// <summary>The mistake in words, with what is allowed.</summary>
    public static string Explain(MsisdnError error)
    {
        var what = error switch
        {
            MsisdnError.None => "the number is right",
            MsisdnError.Empty => "the number is empty",
            MsisdnError.LeadingZero => "the number starts with 0; drop 0 or 00 and put the country code first",
            MsisdnError.Separator => "the number has a blank or separator in it",
            MsisdnError.NotDigit => "the number has a character that is not a digit",
            MsisdnError.TooShort => "the number has fewer than 7 digits",
            _ => "the number has more than 15 digits",
        };
        return what + "; allowed is E.164: 7 to 15 digits, country code first, '+' before them or not, such as +46701234567";
    }

    /// <summary>Writes the digits without '+', as addresses with TON 1 are written; at most 15.</summary>
    public int WriteDigits(Span<byte> destination) => Value.TryFormat(destination, out var n, default, CultureInfo.InvariantCulture)
        ? n
        : throw new ArgumentException("The destination is too small for a number.", nameof(destination));

    /// <summary>E.164 with '+'.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"+{Value}");
}
