namespace Strowger.Smpp.Text;

/// <summary>Which encodings a channel lets a text be sent in.</summary>
[Flags]
public enum Alphabets
{
    /// <summary>No text can be sent.</summary>
    None = 0,

    /// <summary>GSM 7-bit default alphabet and its extension table.</summary>
    Gsm7 = 1,

    /// <summary>ISO-8859-1: only where the carrier is known to take it.</summary>
    Latin1 = 2,

    /// <summary>UCS-2 (UTF-16 big-endian).</summary>
    Ucs2 = 4,
}
