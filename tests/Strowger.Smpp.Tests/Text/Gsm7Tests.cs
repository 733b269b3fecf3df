using Strowger.Smpp.Text;

namespace Strowger.Smpp.Tests.Text;

public sealed class Gsm7Tests
{
    [Theory]
    [InlineData("@", "00")]
    [InlineData("$", "02")]
    [InlineData("_", "11")]
    [InlineData("Ç", "09")]
    [InlineData("Δ_ΦΓΛΩΠΨΣΘΞ", "1011121314151617181 91A")]
    [InlineData("ÆæßÉ", "1C1D1E1F")]
    [InlineData("¤¡ÄÖÑÜ§¿äöñüà", "24405B5C5D5E5F607B7C7D7E7F")]
    [InlineData("€", "1B65")]
    [InlineData("^{}\\[~]|\f", "1B141B281B291B2F1B3C1B3D1B3E1B401B0A")]
    [InlineData("Hello 46\r\n", "48656C6C6F2034360D0A")]
    public void Characters_have_the_codes_of_23_038(string text, string hex)
    {
        var octets = Encode(text);
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(octets));
        var chars = new char[octets.Length];
        var n = Gsm7.Decode(octets, chars, out var replaced);
        Assert.Equal(text, new string(chars, 0, n));
        Assert.False(replaced);
    }

    [Theory]
    [InlineData("`", 0)]
    [InlineData("abcç", 3)]
    [InlineData("a\u001bb", 1)]
    [InlineData("ok \uD83D\uDE00", 3)]
    [InlineData("tab\t", 3)]
    public void Foreign_characters_are_found(string text, int index)
    {
        Assert.Equal(-1, Gsm7.Count(text, out var bad));
        Assert.Equal(index, bad);
    }

    [Theory]
    [InlineData("1B", " ")]
    [InlineData("411B", "A ")]
    [InlineData("1B1B41", " A")]
    [InlineData("1B41", "A")]
    [InlineData("80FF41", "\uFFFD\uFFFDA")]
    [InlineData("1B80", " \uFFFD")]
    public void What_cannot_be_read_is_replaced(string hex, string expected)
    {
        var chars = new char[16];
        var n = Gsm7.Decode(Convert.FromHexString(hex), chars, out var replaced);
        Assert.Equal(expected, new string(chars, 0, n));
        Assert.True(replaced);
    }

    [Theory]
    [InlineData("hellohello", "E8329BFD4697D9EC37")]
    [InlineData("1234567", "31D98C56B3DD1A")]
    [InlineData("12345678", "31D98C56B3DD70")]
    public void Packs_as_in_23_038(string text, string hex)
    {
        var packed = new byte[140];
        var n = Gsm7Packing.Pack(Encode(text), packed, 0);
        Assert.Equal(hex, Convert.ToHexString(packed, 0, n));
    }

    [Fact]
    public void Every_length_and_header_unpacks_to_what_was_packed()
    {
        Span<byte> packed = stackalloc byte[150];
        Span<byte> unpacked = stackalloc byte[200];
        foreach (var header in (int[])[0, 6, 7, 10])
        {
            for (var length = 0; length <= 150; length++)
            {
                var septets = new byte[length];
                for (var i = 0; i < length; i++)
                {
                    septets[i] = (byte)(0x20 + (i % 0x60));
                }

                var octets = Gsm7Packing.Pack(septets, packed, header);
                Assert.Equal(Gsm7Packing.PackedLength(header, length), octets);
                var n = Gsm7Packing.Unpack(packed[..octets], header, unpacked);
                Assert.Equal(septets, unpacked[..n].ToArray());
            }
        }
    }

    private static byte[] Encode(string text)
    {
        var octets = new byte[Gsm7.Count(text, out _)];
        Assert.Equal(octets.Length, Gsm7.Encode(text, octets));
        return octets;
    }
}
