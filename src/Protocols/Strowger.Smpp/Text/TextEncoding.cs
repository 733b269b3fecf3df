namespace Strowger.Smpp.Text;

/// <summary>How the user data of a short message is written. The values are stored in message bodies: never renumber.</summary>
public enum TextEncoding : byte
{
    /// <summary>GSM 7-bit default alphabet with its extension table (3GPP 23.038, 6.2.1).</summary>
    Gsm7 = 0,

    /// <summary>ISO-8859-1, one octet a character.</summary>
    Latin1 = 1,

    /// <summary>UCS-2 big-endian; in fact UTF-16, surrogate pairs pass.</summary>
    Ucs2 = 2,

    /// <summary>Octets without a text.</summary>
    Binary = 3,

    /// <summary>IA5 (CCITT T.50), that is ASCII. Read only.</summary>
    Ia5 = 4,

    /// <summary>ISO-8859-5, Cyrillic. Read only.</summary>
    Cyrillic = 5,

    /// <summary>ISO-8859-8, Hebrew. Read only.</summary>
    Hebrew = 6,

    /// <summary>ISO-2022-JP. Read only.</summary>
    Iso2022Jp = 7,

    /// <summary>KS C 5601, Korean. Read only.</summary>
    KsC5601 = 8,

    /// <summary>A data_coding this library cannot read (pictograms, JIS, reserved): ASCII is shown, the rest replaced.</summary>
    Unknown = 255,
}
