namespace Strowger.Smpp.Text;

/// <summary>How one channel wants texts written. Immutable; one instance a channel.</summary>
public sealed record EncodeOptions
{
    /// <summary>GSM 7-bit unpacked as data_coding 0, else UCS-2 as 8; 8-bit references; at most 10 parts.</summary>
    public static EncodeOptions Default { get; } = new();

    /// <summary>Encodings allowed. Default: GSM 7-bit and UCS-2. A carrier whose default alphabet is Latin-1: Latin1 | Ucs2 with <see cref="Latin1DataCoding"/> 0.</summary>
    public Alphabets Alphabets { get; init; } = Alphabets.Gsm7 | Alphabets.Ucs2;

    /// <summary>data_coding of a GSM 7-bit text. Default 0; 0x10 or 0xF0 for a flash message.</summary>
    public byte Gsm7DataCoding { get; init; }

    /// <summary>data_coding of a Latin-1 text. Default 3.</summary>
    public byte Latin1DataCoding { get; init; } = 3;

    /// <summary>data_coding of a UCS-2 text. Default 8; 0x18 for a flash message.</summary>
    public byte Ucs2DataCoding { get; init; } = 8;

    /// <summary>data_coding of octets. Default 4.</summary>
    public byte BinaryDataCoding { get; init; } = 4;

    /// <summary>Eight septets in seven octets, which a few carriers want, instead of one septet an octet. Default false.</summary>
    public bool PackGsm7 { get; init; }

    /// <summary>16-bit concatenation references (one septet, octet or character less a part) instead of 8-bit. Default false.</summary>
    public bool Reference16 { get; init; }

    /// <summary>Languages whose tables may be used, where a text then takes fewer parts than UCS-2: phones on the way must know them. Default none.</summary>
    public IReadOnlyList<NationalLanguage> NationalLanguages { get; init; } = [];

    /// <summary>Parts a message may have, 1 to 255. Default 10.</summary>
    public int MaxParts { get; init; } = TextLimits.DefaultMaxParts;
}
