using System.Text;
using Strowger.Smpp.Text;

namespace Strowger.Load.Fuzzing;

/// <summary>User data of incoming texts: the first octet is the data_coding, the second says whether there is a header and whether septets are packed.</summary>
internal sealed class TextFuzz : FuzzTarget
{
    private static readonly DecodeOptions _plain = DecodeOptions.Default;
    private static readonly DecodeOptions _packed = new() { PackedGsm7 = true };

    public override string Name => "text decoders";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 0, .. "Hello {world} \x1B\x65 \x1B"u8],
        [0, 1, 5, 0, 3, 7, 2, 1, .. "part of a text"u8],
        [0, 1, 6, 8, 4, 1, 7, 2, 1, .. "part of a text"u8],
        [0, 1, 3, 0x24, 1, 1, .. "Turkish single shift \x1B\x47"u8],
        [0, 1, 6, 0x24, 1, 3, 0x25, 1, 3, .. "both shifts"u8],
        [0, 3, 5, 0, 3, 7, 2, 1, 0xE8, 0x32, 0x9B, 0xFD, 0x06],
        [0, 2, 0xE8, 0x32, 0x9B, 0xFD, 0x06, 0xDD, 0xDF, 0x72, 0x36],
        [3, 0, .. Encoding.Latin1.GetBytes("Grüße aus Köln")],
        [8, 0, .. Encoding.BigEndianUnicode.GetBytes("Привет 👩‍👩‍👧 мир")],
        [8, 1, 5, 0, 3, 7, 2, 1, .. Encoding.BigEndianUnicode.GetBytes("Привет")],
        [6, 0, 0xBF, 0xE0, 0xD8],
        [7, 0, 0xF9, 0xEC],
        [10, 0, 0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42],
        [14, 0, 0xB0, 0xA1, 0xB0],
        [0xF5, 0, 1, 2, 3],
    ];

    public override void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var (coding, flags) = (input[0], input[1]);
        var userData = input[2..];
        var decoded = MessageDecoder.Decode(userData, coding, (flags & 1) != 0, (flags & 2) != 0 ? _packed : _plain);
        Require((decoded.Text?.Length ?? 0) <= MessageDecoder.MaxChars(userData.Length), "a text is no longer than its octets allow");
        Require(decoded.Header.Length <= userData.Length, "a header lies within the user data");
    }
}
