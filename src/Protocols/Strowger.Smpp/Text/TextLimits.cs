namespace Strowger.Smpp.Text;

/// <summary>The sizes of a short message (3GPP 23.040, 9.2.3.24; 23.038): 140 octets of user data, of which the header takes its share.</summary>
public static class TextLimits
{
    /// <summary>Octets of user data in one short message.</summary>
    public const int Octets = 140;

    /// <summary>Septets in one short message without a header: 140 * 8 / 7.</summary>
    public const int Septets = 160;

    /// <summary>Header octets of a part with an 8-bit reference: 05 00 03 rr tt nn.</summary>
    public const int Header8 = 6;

    /// <summary>Header octets of a part with a 16-bit reference: 06 08 04 RR RR tt nn.</summary>
    public const int Header16 = 7;

    /// <summary>The concatenation element counts parts in one octet.</summary>
    public const int MaxParts = 255;

    /// <summary>Parts a message may have unless more are allowed: a longer one is nearly always a mistake, and dear.</summary>
    public const int DefaultMaxParts = 10;

    /// <summary>The largest user data <see cref="MessageEncoder"/> writes: 160 unpacked septets. short_message holds 254.</summary>
    public const int MaxPartOctets = Septets;

    /// <summary>Units (septets, octets or UTF-16 code units) in a message of one part.</summary>
    public static int Single(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Gsm7 => Septets,
        TextEncoding.Ucs2 => Octets / 2,
        _ => Octets,
    };

    /// <summary>Septets in a part whose header has so many octets, its own length octet included: 155 with one national table, 149 with one and an 8-bit reference.</summary>
    public static int SeptetsAfter(int header) => (Octets - header) * 8 / 7;

    /// <summary>Units in each part of a longer message: 153 / 134 / 67 with an 8-bit reference, 152 / 133 / 66 with a 16-bit one.</summary>
    public static int PerPart(TextEncoding encoding, bool reference16)
    {
        var room = Octets - (reference16 ? Header16 : Header8);
        return encoding switch
        {
            TextEncoding.Gsm7 => room * 8 / 7,
            TextEncoding.Ucs2 => room / 2,
            _ => room,
        };
    }
}
