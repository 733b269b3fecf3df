using System.Globalization;

namespace Strowger.Smpp.Text;

/// <summary>Where a part may end: never inside an escape, a surrogate pair or a grapheme (UAX 29; CR LF is one).</summary>
internal static class PartSplitter
{
    /// <summary>Divides the text into parts of at most <paramref name="room"/> units, writes as many ends as fit and returns the number of parts, at most 256.</summary>
    public static int Split(ReadOnlySpan<char> text, TextEncoding encoding, int room, Span<ushort> partEnds)
    {
        var parts = 0;
        var start = 0;
        while (start < text.Length && parts <= TextLimits.MaxParts)
        {
            start = encoding == TextEncoding.Ucs2 ? NextUcs2(text, start, room) : NextSingle(text, start, room, encoding == TextEncoding.Gsm7);
            if (parts < partEnds.Length)
            {
                partEnds[parts] = (ushort)start;
            }

            parts++;
        }

        return parts;
    }

    /// <summary>The same for a text in national tables.</summary>
    public static int Split(ReadOnlySpan<char> text, Gsm7Table table, int room, Span<ushort> partEnds)
    {
        var parts = 0;
        var start = 0;
        while (start < text.Length && parts <= TextLimits.MaxParts)
        {
            var used = 0;
            while (start < text.Length && used < room)
            {
                var isPair = text[start] == '\r' && start + 1 < text.Length && text[start + 1] == '\n';
                var length = isPair ? 2 : 1 + (table.Code(text[start]) >> 7);
                if (used + length > room)
                {
                    break;
                }

                used += length;
                start += isPair ? 2 : 1;
            }

            if (parts < partEnds.Length)
            {
                partEnds[parts] = (ushort)start;
            }

            parts++;
        }

        return parts;
    }

    private static int NextSingle(ReadOnlySpan<char> text, int start, int room, bool gsm)
    {
        var used = 0;
        var i = start;
        while (i < text.Length)
        {
            var c = text[i];
            var length = c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
            used += gsm && Gsm7.Code(c) >= Gsm7.Extended ? 2 : length;
            if (used > room)
            {
                break;
            }

            i += length;
        }

        return i;
    }

    private static int NextUcs2(ReadOnlySpan<char> text, int start, int room)
    {
        var end = Math.Min(text.Length, start + room);
        var i = start;
        while (i < end)
        {
            // One code unit more than a part holds is enough to know that a grapheme is larger than a part.
            var window = text[i..Math.Min(text.Length, i + room + 1)];
            var length = ElementLength(window);
            if (length > room)
            {
                return CodePoints(text, i, end);
            }

            if (i + length > end)
            {
                break;
            }

            i += length;
        }

        return i;
    }

    /// <summary>A grapheme larger than a part has to be cut somewhere: between code points.</summary>
    private static int CodePoints(ReadOnlySpan<char> text, int i, int end)
    {
        while (i < end)
        {
            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            if (i + length > end)
            {
                break;
            }

            i += length;
        }

        return i;
    }

    private static int ElementLength(ReadOnlySpan<char> text) =>
        StandsAlone(text[0]) && (text.Length == 1 || StandsAlone(text[1])) ? 1 : StringInfo.GetNextTextElementLength(text);

    /// <summary>
    /// True for the letters of common scripts, which never combine with each other: most texts in UCS-2 need no more. In UAX 29's terms, class Other, or a control that is no CR.
    /// </summary>
    internal static bool StandsAlone(char c) => c switch
    {
        < '\u0300' => c != '\r',
        >= '\u0400' and <= '\u0482' or >= '\u048A' and <= '\u052F' => true, // Cyrillic
        >= '\u0391' and <= '\u03FF' => true, // Greek
        >= '\u05D0' and <= '\u05EA' or >= '\u0621' and <= '\u064A' => true, // Hebrew, Arabic
        >= '\u0E01' and <= '\u0E30' => true, // Thai consonants
        >= '\u2010' and <= '\u2027' or >= '\u20A0' and <= '\u20BF' => true, // dashes, quotes, ellipsis, currencies
        >= '\u3041' and <= '\u3096' or >= '\u30A1' and <= '\u30FA' or >= '\u3001' and <= '\u3020' => true, // kana, punctuation
        >= '\u4E00' and <= '\u9FFF' => true, // Han
        _ => false,
    };
}
