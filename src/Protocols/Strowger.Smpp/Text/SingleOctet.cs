namespace Strowger.Smpp.Text;

/// <summary>The one-octet character sets that are only ever received: IA5, ISO-8859-5 and ISO-8859-8. Anything else is shown as far as it is ASCII.</summary>
internal static class SingleOctet
{
    private const char Replacement = '\uFFFD';

    public static int Decode(ReadOnlySpan<byte> source, TextEncoding encoding, Span<char> destination, out bool replaced)
    {
        replaced = false;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            var c = b < 0x80 ? (char)b : encoding switch
            {
                TextEncoding.Cyrillic => Cyrillic(b),
                TextEncoding.Hebrew => Hebrew(b),
                _ => Replacement,
            };
            replaced |= c == Replacement;
            destination[i] = c;
        }

        return source.Length;
    }

    private static char Cyrillic(byte b) => b switch
    {
        <= 0xA0 or 0xAD => (char)b,
        0xF0 => '\u2116',
        0xFD => '\u00A7',
        _ => (char)(b + (0x0401 - 0xA1)),
    };

    private static char Hebrew(byte b) => b switch
    {
        0xA1 => Replacement,
        0xAA => '\u00D7',
        0xBA => '\u00F7',
        <= 0xBE => (char)b,
        0xDF => '\u2017',
        >= 0xE0 and <= 0xFA => (char)(b + (0x05D0 - 0xE0)),
        0xFD => '\u200E',
        0xFE => '\u200F',
        _ => Replacement,
    };
}
