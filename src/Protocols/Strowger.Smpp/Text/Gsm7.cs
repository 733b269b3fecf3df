using System.Buffers;
using System.Text;

namespace Strowger.Smpp.Text;

/// <summary>The GSM 7-bit default alphabet (3GPP 23.038, 6.2.1) and its extension table (6.2.1.1), one septet an octet.</summary>
public static class Gsm7
{
    /// <summary>The escape to the extension table.</summary>
    public const byte Escape = 0x1B;

    internal const byte None = 0xFF;
    internal const byte Extended = 0x80;

    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const char Euro = '€';
    internal const byte EuroCode = 0x65;

    // Both alphabets lie below U+0400 but for the euro sign. 0xFF: not there; bit 7: in the extension table.
    private static readonly byte[] s_codes = BuildCodes();
    private static readonly char[] s_extension = BuildExtension();

    // ASCII with the same code in GSM 03.38: such a text is its own encoding, one septet a character.
    private static readonly SearchValues<char> s_same = SearchValues.Create(
        "\n\r !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The septet of a character, bit 7 set when it takes an escape before it, 0xFF when it is in neither table.</summary>
    internal static byte Code(char c)
    {
        var codes = s_codes;
        return c < (uint)codes.Length ? codes[c] : c == Euro ? (byte)(Extended | EuroCode) : None;
    }

    /// <summary>The character of a septet in the default table.</summary>
    internal static char BasicAt(byte code) => Basic[code];

    /// <summary>True when one septet, without an escape, stands for the character.</summary>
    public static bool IsBasic(char c) => Code(c) < Extended;

    /// <summary>True when one or two septets stand for the character.</summary>
    public static bool Contains(char c) => Code(c) != None;

    /// <summary>Septets of the text, or -1 with the index of the first character that is in neither table.</summary>
    public static int Count(ReadOnlySpan<char> text, out int badIndex)
    {
        badIndex = -1;
        var same = text.IndexOfAnyExcept(s_same);
        if (same < 0)
        {
            return text.Length;
        }

        var septets = same;
        for (var i = same; i < text.Length; i++)
        {
            var code = Code(text[i]);
            if (code == None)
            {
                badIndex = i;
                return -1;
            }

            septets += 1 + (code >> 7);
        }

        return septets;
    }

    /// <summary>Writes one septet an octet and returns how many; the destination holds what <see cref="Count"/> said, the text has no foreign character.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.IndexOfAnyExcept(s_same) < 0)
        {
            return Encoding.Latin1.GetBytes(text, destination);
        }

        var n = 0;
        foreach (var c in text)
        {
            var code = Code(c);
            if (code >= Extended)
            {
                if (code == None)
                {
                    throw new ArgumentException("The text has a character outside the GSM 7-bit alphabet.", nameof(text));
                }

                destination[n++] = Escape;
                code &= 0x7F;
            }

            destination[n++] = code;
        }

        return n;
    }

    /// <summary>
    /// Reads one septet an octet. Never longer than the source. An escape before a code that the table leaves empty shows the code of the basic table, an escape at the end or before
    /// another escape a space (23.038, 6.2.1 note 1 and 6.2.1.1 note 1); an octet over 0x7F becomes U+FFFD.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<char> destination, out bool replaced)
    {
        replaced = false;
        var n = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            char c;
            if (b > 0x7F)
            {
                replaced = true;
                c = '\uFFFD';
            }
            else if (b != Escape)
            {
                c = Basic[b];
            }
            else if (i + 1 < source.Length && source[i + 1] <= 0x7F)
            {
                var next = source[++i];
                c = s_extension[next];
                if (c == '\0')
                {
                    replaced = true;
                    c = next == Escape ? ' ' : Basic[next];
                }
            }
            else
            {
                replaced = true;
                c = ' ';
            }

            destination[n++] = c;
        }

        return n;
    }

    private static char[] BuildExtension()
    {
        var table = new char[128];
        table[0x0A] = '\f';
        table[0x14] = '^';
        table[0x28] = '{';
        table[0x29] = '}';
        table[0x2F] = '\\';
        table[0x3C] = '[';
        table[0x3D] = '~';
        table[0x3E] = ']';
        table[0x40] = '|';
        table[EuroCode] = Euro;
        return table;
    }

    private static byte[] BuildCodes()
    {
        var codes = new byte[0x400];
        Array.Fill(codes, None);
        for (var i = 0; i < Basic.Length; i++)
        {
            codes[Basic[i]] = (byte)i;
        }

        codes[Escape] = None;
        var extension = BuildExtension();
        for (var i = 0; i < extension.Length; i++)
        {
            if (extension[i] is not '\0' and not Euro)
            {
                codes[extension[i]] = (byte)(Extended | i);
            }
        }

        return codes;
    }
}
