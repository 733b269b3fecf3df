namespace Strowger.Smpp.Text;

/// <summary>
/// Eight septets in seven octets, least significant bits first (3GPP 23.038, 6.1.2.1). After a user data header the first septet starts on a septet boundary counted from the header's
/// first octet (23.040, 9.2.3.24), so up to six fill bits come between.
/// </summary>
public static class Gsm7Packing
{
    private const byte CarriageReturn = 0x0D;

    /// <summary>Octets of the packed septets, header and fill bits included.</summary>
    public static int PackedLength(int headerOctets, int septets) => (((HeaderSeptets(headerOctets) + septets) * 7) + 7) / 8;

    /// <summary>
    /// Packs the septets after a header already written at the start of the destination; returns octets, header included. Seven spare bits at the end are filled with CR, or they would read as
    /// '@' (23.038, 6.1.2.3.1).
    /// </summary>
    public static int Pack(ReadOnlySpan<byte> septets, Span<byte> destination, int headerOctets)
    {
        var boundary = HeaderSeptets(headerOctets);
        var length = PackedLength(headerOctets, septets.Length);
        destination[headerOctets..length].Clear();
        var bit = boundary * 7;
        foreach (var septet in septets)
        {
            Put(destination, bit, septet);
            bit += 7;
        }

        if ((length * 8) - bit == 7)
        {
            Put(destination, bit, CarriageReturn);
        }

        return length;
    }

    /// <summary>
    /// Unpacks what follows the header; returns septets. SMPP gives no septet count, so a CR in the last septet of a full group of eight is taken for the filling it nearly always is.
    /// The destination holds 8/7 of the source.
    /// </summary>
    public static int Unpack(ReadOnlySpan<byte> source, int headerOctets, Span<byte> destination)
    {
        var total = source.Length * 8 / 7;
        var first = HeaderSeptets(headerOctets);
        var n = 0;
        for (var i = first; i < total; i++)
        {
            var bit = i * 7;
            var pair = source[bit >> 3] | ((bit >> 3) + 1 < source.Length ? source[(bit >> 3) + 1] << 8 : 0);
            destination[n++] = (byte)((pair >> (bit & 7)) & 0x7F);
        }

        return n > 0 && total % 8 == 0 && destination[n - 1] == CarriageReturn ? n - 1 : n;
    }

    private static int HeaderSeptets(int headerOctets) => ((headerOctets * 8) + 6) / 7;

    private static void Put(Span<byte> destination, int bit, byte septet)
    {
        var at = bit >> 3;
        var shifted = (septet & 0x7F) << (bit & 7);
        destination[at] |= (byte)shifted;
        if (shifted > 0xFF)
        {
            destination[at + 1] |= (byte)(shifted >> 8);
        }
    }
}
