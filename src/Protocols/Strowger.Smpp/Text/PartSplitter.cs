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

    private static int ElementLength(ReadOnlySpan<char> text)
    {
        // Below U+0300 nothing combines and only CR LF belongs together.
        if (text[0] < 0x300 && text[0] != '\r' && (text.Length == 1 || text[1] < 0x300))
        {
            return 1;
        }

        return StringInfo.GetNextTextElementLength(text);
    }
}
