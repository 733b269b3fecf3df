using System.Text;

namespace Strowger.Smpp.Receipts;

/// <summary>
/// The fields of a receipt's text (SMPP 3.4, appendix B): "id: sub: dlvrd: submit date: done date: stat: err: text:" in any order and case, with or without the blank in the dates' names,
/// with any of them missing. The first of a name counts; within the message's own words after text: only names not seen before it.
/// </summary>
internal readonly ref struct ReceiptText
{
    public ReadOnlySpan<byte> Id { get; private init; }

    public ReadOnlySpan<byte> Sub { get; private init; }

    public ReadOnlySpan<byte> Dlvrd { get; private init; }

    public ReadOnlySpan<byte> SubmitDate { get; private init; }

    public ReadOnlySpan<byte> DoneDate { get; private init; }

    public ReadOnlySpan<byte> Stat { get; private init; }

    public ReadOnlySpan<byte> Err { get; private init; }

    public ReadOnlySpan<byte> Text { get; private init; }

    private enum Field
    {
        None,
        Id,
        Sub,
        Dlvrd,
        SubmitDate,
        DoneDate,
        Stat,
        Err,
        Text,
    }

    public static ReceiptText Parse(ReadOnlySpan<byte> source)
    {
        ReadOnlySpan<byte> id = default, sub = default, dlvrd = default, submitDate = default, doneDate = default, stat = default, err = default, text = default;
        var seen = 0;
        var i = 0;
        while (i < source.Length)
        {
            var field = Name(source[i..], out var nameLength);
            if (field == Field.None)
            {
                i += NextWord(source[i..]);
                continue;
            }

            i += nameLength;
            var bit = 1 << (int)field;
            var first = (seen & bit) == 0;
            seen |= bit;
            if (field == Field.Text)
            {
                // Go on behind it: a few carriers put stat and err after the text.
                text = first ? source[i..] : text;
                i += NextWord(source[i..]);
                continue;
            }

            var value = Value(source[i..], out var used);
            i += used;
            if (!first)
            {
                continue;
            }

            switch (field)
            {
                case Field.Id: id = value; break;
                case Field.Sub: sub = value; break;
                case Field.Dlvrd: dlvrd = value; break;
                case Field.SubmitDate: submitDate = value; break;
                case Field.DoneDate: doneDate = value; break;
                case Field.Stat: stat = value; break;
                default: err = value; break;
            }
        }

        return new ReceiptText
        {
            Id = id, Sub = sub, Dlvrd = dlvrd, SubmitDate = submitDate, DoneDate = doneDate, Stat = stat, Err = err, Text = text,
        };
    }

    /// <summary>yyMMddHHmm, yyMMddHHmmss or yyyyMMddHHmmss; null for zeros and anything else.</summary>
    public static DateTime? Date(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is not (10 or 12 or 14) || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        var year = 2000 + Two(digits, 0);
        if (digits.Length == 14)
        {
            year = (Two(digits, 0) * 100) + Two(digits, 2);
            digits = digits[2..];
        }

        var (month, day, hour, minute) = (Two(digits, 2), Two(digits, 4), Two(digits, 6), Two(digits, 8));
        var second = digits.Length == 12 ? Two(digits, 10) : 0;
        return year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified)
            : null;
    }

    /// <summary>Up to six digits, or -1.</summary>
    public static int Number(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is 0 or > 6)
        {
            return -1;
        }

        var n = 0;
        foreach (var d in digits)
        {
            if (d is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            n = (n * 10) + d - '0';
        }

        return n;
    }

    private static int Two(ReadOnlySpan<byte> digits, int at) => ((digits[at] - '0') * 10) + digits[at + 1] - '0';

    private static Field Name(ReadOnlySpan<byte> s, out int length)
    {
        switch (s[0] | 0x20)
        {
            case 'i' when Is(s, "id:"u8, out length):
                return Field.Id;
            case 's' when Is(s, "stat:"u8, out length) || Is(s, "status:"u8, out length):
                return Field.Stat;
            case 's' when Is(s, "sub:"u8, out length):
                return Field.Sub;
            case 's' when Is(s, "submit date:"u8, out length) || Is(s, "submitdate:"u8, out length) || Is(s, "submit_date:"u8, out length):
                return Field.SubmitDate;
            case 'd' when Is(s, "dlvrd:"u8, out length):
                return Field.Dlvrd;
            case 'd' when Is(s, "done date:"u8, out length) || Is(s, "donedate:"u8, out length) || Is(s, "done_date:"u8, out length):
                return Field.DoneDate;
            case 'e' when Is(s, "err:"u8, out length):
                return Field.Err;
            case 't' when Is(s, "text:"u8, out length):
                return Field.Text;
            default:
                length = 0;
                return Field.None;
        }
    }

    private static bool Is(ReadOnlySpan<byte> s, ReadOnlySpan<byte> name, out int length)
    {
        length = name.Length;
        return s.Length >= name.Length && Ascii.EqualsIgnoreCase(s[..name.Length], name);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> s, out int used)
    {
        var start = 0;
        while (start < s.Length && s[start] == ' ')
        {
            start++;
        }

        // "id: sub:001": the next name is not this one's value.
        if (start == s.Length || (start > 0 && Name(s[start..], out _) != Field.None))
        {
            used = start;
            return default;
        }

        var end = start;
        while (end < s.Length && !IsBlank(s[end]))
        {
            end++;
        }

        used = end;
        return s[start..end];
    }

    /// <summary>Octets to the start of the next word, what is left of this one passed over.</summary>
    private static int NextWord(ReadOnlySpan<byte> s)
    {
        var i = 0;
        while (i < s.Length && !IsBlank(s[i]))
        {
            i++;
        }

        while (i < s.Length && IsBlank(s[i]))
        {
            i++;
        }

        return i;
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0;
}
