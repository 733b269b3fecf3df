using System.Globalization;
using System.Text;
using Strowger.Features.Messaging;

namespace Strowger.Server.Erasure;

/// <summary>
/// One number in the ways in which it is written: international with '+', 00, 011 or nothing before it, and national, with or without what
/// callers within the country dial first.
/// </summary>
internal sealed class NumberForms
{
    /// <summary>A national number of fewer digits would be taken for short codes and amounts.</summary>
    private const int LeastNational = 7;

    /// <summary>E.164 and the longest prefix.</summary>
    private const int MostDigits = Msisdn.MaxDigits + 3;

    /// <summary>Country codes of two digits begin with these two; beside them are 1, 7, and those of three (ITU-T E.164, list of assigned codes).</summary>
    private const string TwoDigitCodes =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";

    private readonly byte[] _seed;
    private readonly byte[][] _whole;
    private readonly byte[][] _dialled;
    private readonly byte[]? _national;

    public NumberForms(Msisdn number)
    {
        Number = number;
        Digits = number.Value.ToString(CultureInfo.InvariantCulture);
        var code = Digits[..CodeLength(Digits)];
        var national = Digits[code.Length..];
        _whole = [Octets(Digits), Octets("00" + Digits), Octets("011" + Digits)];
        _national = national.Length < LeastNational ? null : Octets(national);
        _dialled = _national is null ? [] : [.. TrunkPrefixes(code).Select(prefix => Octets(prefix + national))];
        _seed = _national ?? _whole[0];
        All = [.. _whole.Concat(_dialled).Concat(_national is null ? [] : [_national]).Select(Encoding.ASCII.GetString)];
    }

    public Msisdn Number { get; }

    /// <summary>International, without '+'.</summary>
    public string Digits { get; }

    /// <summary>Every form by its digits, the international one first.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Octets beside a run of digits that decide whether it is one: the longest form's, one more on either side, and those of "%20".</summary>
    public static int Overlap => MostDigits + 5;

    /// <summary>Whether it is the number as it is kept: international, digits alone.</summary>
    public bool IsDigits(ReadOnlySpan<byte> digits) => digits.SequenceEqual(_whole[0]);

    /// <summary>Whether all of it is the number: an address from a carrier, a column, a member of a JSON object.</summary>
    public bool IsNumber(ReadOnlySpan<byte> written)
    {
        Span<byte> digits = stackalloc byte[MostDigits];
        return TryDigits(written, digits, out var length, out var isInternational) && Is(digits[..length], isInternational);
    }

    public bool IsNumber(string written) => written.Length <= 4 * MostDigits && IsNumber(Encoding.UTF8.GetBytes(written));

    /// <summary>Whether it is the number without its country code, which another country may have too.</summary>
    public bool IsNational(string written)
    {
        Span<byte> digits = stackalloc byte[MostDigits];
        var octets = written.Length <= 4 * MostDigits ? Encoding.UTF8.GetBytes(written) : [];
        return TryDigits(octets, digits, out var length, out var isInternational) && !IsOneOf(_whole, digits[..length]) && Is(digits[..length], isInternational);
    }

    /// <summary>Finds the number among other octets, where no further digit stands beside it: international, or national as it is dialled.</summary>
    public bool TryFind(ReadOnlySpan<byte> data, int from, out int at, out int length)
    {
        while (from < data.Length && data[from..].IndexOf(_seed) is >= 0 and var offset)
        {
            var seed = from + offset;
            var end = seed + _seed.Length;
            from = seed + 1;
            if (end < data.Length && IsDigit(data[end]))
            {
                continue;
            }

            at = seed;
            while (at > 0 && IsDigit(data[at - 1]) && end - at <= MostDigits + 2)
            {
                at--;
            }

            // A blank or '+' as URLs have them: its two hexadecimal digits are none of the number's.
            if (at > 0 && data[at - 1] == '%' && seed - at >= 2)
            {
                at += 2;
            }

            if (IsOneOf(_whole, data[at..end]) || IsOneOf(_dialled, data[at..end]))
            {
                length = end - at;
                return true;
            }
        }

        (at, length) = (-1, 0);
        return false;
    }

    public bool IsIn(ReadOnlySpan<byte> data) => TryFind(data, 0, out _, out _);

    /// <summary>Puts zeros in the place of the digits.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TryZero(Span<byte> data)
    {
        var any = false;
        for (var from = 0; TryFind(data, from, out var at, out var length); from = at + length)
        {
            data.Slice(at, length).Fill((byte)'0');
            any = true;
        }

        return any;
    }

    private bool Is(ReadOnlySpan<byte> digits, bool isInternational) =>
        IsOneOf(_whole, digits) || (!isInternational && (IsOneOf(_dialled, digits) || (_national is not null && digits.SequenceEqual(_national))));

    /// <summary>The digits of what is written; false when there is anything but digits and what people put between them.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> written, Span<byte> digits, out int length, out bool isInternational)
    {
        (length, isInternational) = (0, false);
        for (var i = 0; i < written.Length; i++)
        {
            var rest = written[i..];
            if (IsDigit(rest[0]))
            {
                if (length == digits.Length)
                {
                    return false;
                }

                digits[length++] = rest[0];
            }
            else if (rest[0] == '+' && length == 0 && !isInternational)
            {
                isInternational = true;
            }
            else if (rest.StartsWith("(0)"u8) && length > 0)
            {
                // For callers within the country.
                i += 2;
            }
            else if (Separator(rest) is > 0 and var octets)
            {
                i += octets - 1;
            }
            else
            {
                return false;
            }
        }

        return length > 0;
    }

    /// <summary>Octets of a blank or sign between digits, UTF-8 and Latin-1; 0 when there is none.</summary>
    private static int Separator(ReadOnlySpan<byte> at) => at switch
    {
        [(byte)' ' or (byte)'\t' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'(' or (byte)')' or (byte)'\'' or (byte)'_', ..] => 1,
        [0xC2, 0xA0, ..] => 2,

        // General punctuation: narrow blanks, dashes, and the marks of direction that phones copy along.
        [0xE2, 0x80 or 0x81, _, ..] => 3,
        [0xA0, ..] => 1,
        _ => 0,
    };

    private static bool IsOneOf(byte[][] forms, ReadOnlySpan<byte> digits)
    {
        foreach (var form in forms)
        {
            if (digits.SequenceEqual(form))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    private static byte[] Octets(string digits) => Encoding.ASCII.GetBytes(digits);

    private static int CodeLength(string digits) =>
        digits[0] is '1' or '7' ? 1 : TwoDigitCodes.Contains(digits[..2], StringComparison.Ordinal) ? 2 : 3;

    /// <summary>What is dialled before a national number: 0 nearly everywhere.</summary>
    private static string[] TrunkPrefixes(string code) => code switch
    {
        "7" => ["8"],
        "36" => ["06", "0"],
        "370" => ["0", "8"],
        _ => ["0"],
    };
}
