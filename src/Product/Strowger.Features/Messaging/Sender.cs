using System.Buffers.Binary;
using System.Text;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>What a sender is. The values are stored in message bodies: never renumber.</summary>
public enum SenderKind : byte
{
    /// <summary>No sender.</summary>
    None = 0,

    /// <summary>An E.164 number: TON 1, NPI 1.</summary>
    Number = 1,

    /// <summary>A short code of 3 to 8 digits: TON 6, NPI 0.</summary>
    ShortCode = 2,

    /// <summary>A name of at most 11 characters with a letter in it: TON 5, NPI 0.</summary>
    Alphanumeric = 3,
}

/// <summary>Who a message is from. Digits with '+', or 9 and more of them, are a number; 3 to 8 digits a short code; anything with a letter a name.</summary>
public readonly record struct Sender
{
    /// <summary>Characters of a name (3GPP 23.040, 9.1.2.5: 11 septets in 10 octets).</summary>
    public const int MaxName = 11;

    /// <summary>Octets of the longest sender: a number's digits.</summary>
    public const int MaxLength = Msisdn.MaxDigits;

    private const string Allowed =
        "allowed are an E.164 number such as +46701234567, a short code of 3 to 8 digits, or a name of 1 to 11 characters of the GSM alphabet with a letter in it, without '@' and the characters that take an escape";

    // Up to 15 octets, ISO-8859-1, in two words so that the value compares and copies as such.
    private readonly ulong _low;
    private readonly ulong _high;

    private Sender(SenderKind kind, ReadOnlySpan<byte> latin1)
    {
        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        latin1.CopyTo(octets);
        _low = BinaryPrimitives.ReadUInt64LittleEndian(octets);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(octets[8..]);
        Kind = kind;
        Length = (byte)latin1.Length;
    }

    /// <summary>What it is.</summary>
    public SenderKind Kind { get; }

    /// <summary>Octets of the address.</summary>
    public byte Length { get; }

    /// <summary>Type of number (SMPP 3.4, 5.2.5).</summary>
    public byte Ton => Kind switch { SenderKind.Number => 1, SenderKind.ShortCode => 6, SenderKind.Alphanumeric => 5, _ => 0 };

    /// <summary>Numbering plan (SMPP 3.4, 5.2.6).</summary>
    public byte Npi => Kind == SenderKind.Number ? (byte)1 : (byte)0;

    /// <summary>Reads a sender from UTF-8; the error says what is wrong and what is allowed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Sender sender, out string? error)
    {
        sender = default;
        error = null;
        if (text is [(byte)'+', ..] || (text.Length > 8 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')))
        {
            if (!Msisdn.TryParse(text, out var msisdn, out var wrong))
            {
                error = Msisdn.Explain(wrong);
                return false;
            }

            Span<byte> digits = stackalloc byte[MaxLength];
            sender = new Sender(SenderKind.Number, digits[..msisdn.WriteDigits(digits)]);
            return true;
        }

        if (!text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            if (text.Length < 3)
            {
                error = "the sender has fewer than 3 digits; " + Allowed;
                return false;
            }

            sender = new Sender(SenderKind.ShortCode, text);
            return true;
        }

        return TryName(text, out sender, out error);
    }

    /// <summary>Rebuilds a sender from what <see cref="CopyTo"/> wrote; false when it cannot be one.</summary>
    public static bool TryRestore(SenderKind kind, ReadOnlySpan<byte> latin1, out Sender sender)
    {
        var most = kind switch { SenderKind.None => 0, SenderKind.Number => MaxLength, SenderKind.ShortCode => 8, _ => MaxName };
        var ok = kind <= SenderKind.Alphanumeric && latin1.Length <= most && (kind == SenderKind.None || !latin1.IsEmpty);
        sender = ok ? new Sender(kind, latin1) : default;
        return ok;
    }

    /// <summary>Writes the address as it goes into source_addr, digits without '+', names in ISO-8859-1; returns octets. The destination holds <see cref="MaxLength"/>.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, _low);
        BinaryPrimitives.WriteUInt64LittleEndian(octets[8..], _high);
        octets[..Length].CopyTo(destination);
        return Length;
    }

    /// <summary>The sender as a person writes it.</summary>
    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[MaxLength];
        var text = Encoding.Latin1.GetString(octets[..CopyTo(octets)]);
        return Kind == SenderKind.Number ? "+" + text : text;
    }

    private static bool TryName(ReadOnlySpan<byte> text, out Sender sender, out string? error)
    {
        sender = default;
        Span<byte> latin1 = stackalloc byte[MaxName];
        var n = 0;
        var letter = false;

        // No character of a name takes more than two octets in UTF-8, so a longer text has more than 11 characters.
        Span<char> chars = stackalloc char[2 * MaxName];
        var count = text.Length <= chars.Length ? Encoding.UTF8.GetChars(text, chars) : 0;
        foreach (var c in chars[..count])
        {
            // '@' is code 0, which ends the C-octet string that source_addr is.
            if (c > 0xFF || c == '@' || char.IsControl(c) || !Gsm7.IsBasic(c))
            {
                error = $"the sender has the character '{(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)}', which cannot be in a name; " + Allowed;
                return false;
            }

            if (n == MaxName)
            {
                n++;
                break;
            }

            latin1[n++] = (byte)c;
            letter |= char.IsLetter(c);
        }

        error = text.IsEmpty ? "the sender is empty; " + Allowed
            : n is 0 or > MaxName ? "the sender is longer than 11 characters; " + Allowed
            : letter ? null
            : "the sender has no letter and is not a number; " + Allowed;
        sender = error is null ? new Sender(SenderKind.Alphanumeric, latin1[..n]) : default;
        return error is null;
    }
}
