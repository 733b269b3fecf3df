namespace Strowger.Smpp.Text;

/// <summary>What a data_coding octet means (SMPP 3.4, 5.2.19; the groups from 0x10 on as 3GPP 23.038, 4, which SMSCs pass through).</summary>
public readonly record struct DataCoding
{
    /// <summary>How to read the user data.</summary>
    public TextEncoding Encoding { get; private init; }

    /// <summary>Message class: 0 flash, 1 handset, 2 SIM, 3 terminal; -1 none.</summary>
    public int MessageClass { get; private init; }

    /// <summary>True: a message waiting indication (group 0xC0 to 0xEF).</summary>
    public bool MessageWaiting { get; private init; }

    /// <summary>Reads the octet.</summary>
    /// <param name="value">data_coding.</param>
    /// <param name="defaultAlphabet">What the carrier means by 0: GSM 7-bit nearly everywhere, Latin-1 or IA5 at some.</param>
    public static DataCoding Parse(byte value, TextEncoding defaultAlphabet = TextEncoding.Gsm7) => (value >> 4) switch
    {
        0 => new DataCoding { Encoding = Smpp(value, defaultAlphabet), MessageClass = -1 },
        < 4 => new DataCoding { Encoding = Group(value), MessageClass = (value & 0x10) != 0 ? value & 3 : -1 },
        0xC or 0xD => new DataCoding { Encoding = TextEncoding.Gsm7, MessageClass = -1, MessageWaiting = true },
        0xE => new DataCoding { Encoding = TextEncoding.Ucs2, MessageClass = -1, MessageWaiting = true },
        0xF => new DataCoding { Encoding = (value & 4) != 0 ? TextEncoding.Binary : TextEncoding.Gsm7, MessageClass = value & 3 },
        _ => new DataCoding { Encoding = TextEncoding.Unknown, MessageClass = -1 },
    };

    private static TextEncoding Smpp(byte value, TextEncoding defaultAlphabet) => value switch
    {
        0x00 => defaultAlphabet,
        0x01 => TextEncoding.Ia5,
        0x02 or 0x04 => TextEncoding.Binary,
        0x03 => TextEncoding.Latin1,
        0x06 => TextEncoding.Cyrillic,
        0x07 => TextEncoding.Hebrew,
        0x08 => TextEncoding.Ucs2,
        0x0A => TextEncoding.Iso2022Jp,
        0x0E => TextEncoding.KsC5601,
        _ => TextEncoding.Unknown,
    };

    // 23.038, general data coding: bit 5 compressed (never seen, cannot be read), bits 3 and 2 the alphabet.
    private static TextEncoding Group(byte value) => (value & 0x20) != 0 ? TextEncoding.Binary : (value & 0x0C) switch
    {
        0x00 => TextEncoding.Gsm7,
        0x04 => TextEncoding.Binary,
        0x08 => TextEncoding.Ucs2,
        _ => TextEncoding.Unknown,
    };
}
