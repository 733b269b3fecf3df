using System.Buffers.Binary;
using System.Text;

namespace Strowger.Smpp.Text;

/// <summary>UCS-2 as it is met: UTF-16 big-endian.</summary>
internal static class Utf16
{
    /// <summary>Index of the first half of a surrogate pair that stands alone, or -1.</summary>
    public static int IndexOfLoneSurrogate(ReadOnlySpan<char> text)
    {
        var i = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (i >= 0 && i < text.Length)
        {
            if (!char.IsHighSurrogate(text[i]) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return i;
            }

            var next = text[(i + 2)..].IndexOfAnyInRange('\uD800', '\uDFFF');
            i = next < 0 ? -1 : i + 2 + next;
        }

        return -1;
    }

    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination) => Encoding.BigEndianUnicode.GetBytes(text, destination);

    /// <summary>
    /// Reads big-endian code units; a byte order mark is dropped and, when it says so, obeyed. A lone surrogate and an odd last octet become U+FFFD. At most one character for each two octets, rounded up.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<char> destination, out bool replaced)
    {
        var little = source is [0xFF, 0xFE, ..];
        if (little || source is [0xFE, 0xFF, ..])
        {
            source = source[2..];
        }

        var units = source.Length / 2;
        for (var i = 0; i < units; i++)
        {
            var pair = source.Slice(i * 2, 2);
            destination[i] = (char)(little ? BinaryPrimitives.ReadUInt16LittleEndian(pair) : BinaryPrimitives.ReadUInt16BigEndian(pair));
        }

        replaced = (source.Length & 1) != 0;
        var written = destination[..units];
        int lone;
        while ((lone = IndexOfLoneSurrogate(written)) >= 0)
        {
            written[lone] = '\uFFFD';
            written = written[(lone + 1)..];
            replaced = true;
        }

        if ((source.Length & 1) != 0)
        {
            destination[units++] = '\uFFFD';
        }

        return units;
    }
}
