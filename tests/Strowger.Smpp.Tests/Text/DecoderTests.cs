using Strowger.Smpp.Text;

namespace Strowger.Smpp.Tests.Text;

public sealed class DecoderTests
{
    [Theory]
    [InlineData(0x00, TextEncoding.Gsm7, -1)]
    [InlineData(0x01, TextEncoding.Ia5, -1)]
    [InlineData(0x02, TextEncoding.Binary, -1)]
    [InlineData(0x03, TextEncoding.Latin1, -1)]
    [InlineData(0x04, TextEncoding.Binary, -1)]
    [InlineData(0x05, TextEncoding.Unknown, -1)]
    [InlineData(0x08, TextEncoding.Ucs2, -1)]
    [InlineData(0x10, TextEncoding.Gsm7, 0)]
    [InlineData(0x18, TextEncoding.Ucs2, 0)]
    [InlineData(0x11, TextEncoding.Gsm7, 1)]
    [InlineData(0xC8, TextEncoding.Gsm7, -1)]
    [InlineData(0xE0, TextEncoding.Ucs2, -1)]
    [InlineData(0xF0, TextEncoding.Gsm7, 0)]
    [InlineData(0xF4, TextEncoding.Binary, 0)]
    [InlineData(0xF5, TextEncoding.Binary, 1)]
    [InlineData(0x84, TextEncoding.Unknown, -1)]
    public void Data_coding_is_read(byte value, TextEncoding encoding, int messageClass)
    {
        var coding = DataCoding.Parse(value);
        Assert.Equal((encoding, messageClass), (coding.Encoding, coding.MessageClass));
        Assert.Equal(value is >= 0xC0 and < 0xF0, coding.MessageWaiting);
    }

    [Theory]
    [InlineData(0x03, "41E5", "Aå", false)]
    [InlineData(0x06, "B4D0F0", "Да№", false)]
    [InlineData(0x07, "F9ECE5ED", "שלום", false)]
    [InlineData(0x0A, "1B2442467C4B5C1B2842", "日本", false)]
    [InlineData(0x0E, "C7D1B1DB", "한글", false)]
    [InlineData(0x01, "4180", "A\uFFFD", true)]
    [InlineData(0x05, "41E5", "A\uFFFD", true)]
    [InlineData(0x08, "D83DDE00", "\uD83D\uDE00", false)]
    [InlineData(0x08, "FEFF0041", "A", false)]
    [InlineData(0x08, "FFFE4100", "A", false)]
    [InlineData(0x08, "004100", "A\uFFFD", true)]
    [InlineData(0x08, "D83D0041", "\uFFFDA", true)]
    [InlineData(0x08, "DE00D83D", "\uFFFD\uFFFD", true)]
    [InlineData(0x08, "00", "\uFFFD", true)]
    [InlineData(0x08, "", "", false)]
    public void Every_coding_is_decoded(byte coding, string hex, string text, bool replaced)
    {
        var decoded = MessageDecoder.Decode(Convert.FromHexString(hex), coding, false, DecodeOptions.Default);
        Assert.Equal((text, replaced), (decoded.Text, decoded.Replaced));
    }

    [Theory]
    [InlineData("050003CC0201", 6, 2, 1, 0xCC, false)]
    [InlineData("06080412340301", 7, 3, 1, 0x1234, false)]
    [InlineData("0B0003CC020105040B8423F0", 12, 2, 1, 0xCC, false)]
    [InlineData("050003CC0203", 6, 0, 0, 0, true)]
    [InlineData("050003CC0000", 6, 0, 0, 0, true)]
    [InlineData("040003CC02", 5, 0, 0, 0, true)]
    [InlineData("0100", 2, 0, 0, 0, true)]
    [InlineData("00", 1, 0, 0, 0, false)]
    [InlineData("050003CC02", 0, 0, 0, 0, true)]
    [InlineData("", 0, 0, 0, 0, true)]
    public void Headers_are_read_and_damage_is_said(string hex, int length, byte parts, byte part, ushort reference, bool damaged)
    {
        var udh = Udh.Parse(Convert.FromHexString(hex));
        Assert.Equal((length, parts, part, reference, damaged), (udh.Length, udh.Parts, udh.Part, udh.Reference, udh.Damaged));
    }

    [Fact]
    public void Ports_and_shifts_are_read()
    {
        var udh = Udh.Parse(Convert.FromHexString("0C05040B8423F0240101250103"));
        Assert.Equal((2948, 9200, 1, 3), (udh.DestinationPort, udh.SourcePort, udh.SingleShift, udh.LockingShift));
        Assert.False(udh.Damaged);
        Assert.Equal((-1, -1), (Udh.None.DestinationPort, Udh.None.SourcePort));
        Assert.Equal((8, 9), (Udh.Parse([4, 4, 2, 8, 9]).DestinationPort, Udh.Parse([4, 4, 2, 8, 9]).SourcePort));
    }

    [Theory]
    [InlineData("03240101", "1B471B671B491B69", "Ğğİı")]
    [InlineData("03240102", "1B611B65", "á€")]
    [InlineData("03240103", "1B6141", "ÂA")]
    [InlineData("03250101", "0704601B28", "ı€ç{")]
    [InlineData("03250103", "16247D7F", "^º`à")]
    public void National_tables_are_read(string header, string body, string text) =>
        Assert.Equal(text, MessageDecoder.Decode(Convert.FromHexString(header + body), 0, true, DecodeOptions.Default).Text);

    [Fact]
    public void Random_octets_in_every_coding_never_fail()
    {
        var random = new Random(20240501);
        var buffer = new byte[300];
        var packed = new DecodeOptions { PackedGsm7 = true };
        for (var i = 0; i < 200_000; i++)
        {
            var data = buffer.AsSpan(0, random.Next(0, i % 100 == 0 ? 300 : 40));
            random.NextBytes(data);
            if (data.Length > 0 && (i & 1) == 0)
            {
                data[0] = (byte)random.Next(0, 12);
            }

            var decoded = MessageDecoder.Decode(data, (byte)random.Next(256), (i & 3) < 2, (i & 4) == 0 ? packed : DecodeOptions.Default);
            Assert.True(decoded.Text is null || decoded.Text.Length <= MessageDecoder.MaxChars(data.Length));
        }
    }
}
