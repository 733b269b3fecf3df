namespace Strowger.Smpp.Text;

/// <summary>How one channel's incoming texts are to be read.</summary>
public sealed record DecodeOptions
{
    /// <summary>data_coding 0 is GSM 7-bit, unpacked.</summary>
    public static DecodeOptions Default { get; } = new();

    /// <summary>What the carrier means by data_coding 0. Default GSM 7-bit.</summary>
    public TextEncoding DefaultAlphabet { get; init; } = TextEncoding.Gsm7;

    /// <summary>The carrier packs eight septets in seven octets. Default false.</summary>
    public bool PackedGsm7 { get; init; }
}

/// <summary>An incoming short message, read.</summary>
public readonly record struct DecodedMessage
{
    /// <summary>The text; null for octets without a text (then take the user data after <see cref="Udh.Length"/>).</summary>
    public string? Text { get; init; }

    /// <summary>What data_coding says.</summary>
    public DataCoding Coding { get; init; }

    /// <summary>The user data header.</summary>
    public Udh Header { get; init; }

    /// <summary>True: something could not be read and was replaced; keep the octets.</summary>
    public bool Replaced { get; init; }
}
