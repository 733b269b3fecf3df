using System.Buffers;
using System.Text;

namespace Strowger.Smpp.Text;

/// <summary>Reads the user data of deliver_sm and data_sm. Never fails: what cannot be read is replaced and said to be.</summary>
public static class MessageDecoder
{
    private const int StackChars = 512;

    /// <summary>Reads short_message or message_payload.</summary>
    /// <param name="userData">The octets, header included.</param>
    /// <param name="dataCoding">The PDU's data_coding.</param>
    /// <param name="udhi">esm_class has 0x40.</param>
    /// <param name="options">The channel's ways.</param>
    public static DecodedMessage Decode(ReadOnlySpan<byte> userData, byte dataCoding, bool udhi, DecodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var coding = DataCoding.Parse(dataCoding, options.DefaultAlphabet);
        var header = udhi ? Udh.Parse(userData) : Udh.None;
        if (coding.Encoding == TextEncoding.Binary)
        {
            return new DecodedMessage { Coding = coding, Header = header, Replaced = header.Damaged };
        }

        var packed = coding.Encoding == TextEncoding.Gsm7 && options.PackedGsm7;
        var needed = MaxChars(userData.Length);
        char[]? rented = null;
        var chars = needed <= StackChars ? stackalloc char[StackChars] : rented = ArrayPool<char>.Shared.Rent(needed);
        var count = packed
            ? DecodePacked(userData, header, chars, out var replaced)
            : DecodeText(userData[header.Length..], coding.Encoding, header, chars, out replaced);
        var text = new string(chars[..count]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return new DecodedMessage { Text = text, Coding = coding, Header = header, Replaced = replaced || header.Damaged };
    }

    /// <summary>A bound on the characters that so many octets become: packed septets are the densest, 8 for 7 octets.</summary>
    public static int MaxChars(int octets) => (octets * 8 / 7) + 1;

    /// <summary>Reads a payload without its header into characters; the destination holds <see cref="MaxChars"/>.</summary>
    public static int DecodeText(ReadOnlySpan<byte> payload, TextEncoding encoding, Span<char> destination, out bool replaced) =>
        DecodeText(payload, encoding, Udh.None, destination, out replaced);

    private static int DecodeText(ReadOnlySpan<byte> payload, TextEncoding encoding, in Udh header, Span<char> destination, out bool replaced)
    {
        switch (encoding)
        {
            case TextEncoding.Gsm7:
                return header.SingleShift == 0 && header.LockingShift == 0
                    ? Gsm7.Decode(payload, destination, out replaced)
                    : Gsm7National.Decode(payload, header.SingleShift, header.LockingShift, destination, out replaced);
            case TextEncoding.Ucs2:
                return Utf16.Decode(payload, destination, out replaced);
            case TextEncoding.Latin1:
                replaced = false;
                return Encoding.Latin1.GetChars(payload, destination);
            case TextEncoding.Iso2022Jp or TextEncoding.KsC5601:
                return EastAsian.Decode(payload, encoding, destination, out replaced);
            default:
                return SingleOctet.Decode(payload, encoding, destination, out replaced);
        }
    }

    private static int DecodePacked(ReadOnlySpan<byte> userData, in Udh header, Span<char> destination, out bool replaced)
    {
        var septets = ArrayPool<byte>.Shared.Rent(MaxChars(userData.Length));
        var count = Gsm7Packing.Unpack(userData, header.Length, septets);
        var chars = DecodeText(septets.AsSpan(0, count), TextEncoding.Gsm7, header, destination, out replaced);
        ArrayPool<byte>.Shared.Return(septets);
        return chars;
    }
}
