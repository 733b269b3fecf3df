using Strowger.Features.Messaging;
using Strowger.Smpp;

namespace Strowger.Features.Tests.Messaging;

public sealed class KeptTlvsTests
{
    [Fact]
    public void What_is_read_anyway_is_left_out_and_the_rest_comes_as_it_came()
    {
        byte[] tlvs = [0, 0x1E, 0, 2, (byte)'a', 0, 4, 0x27, 0, 1, 2, 4, 0x23, 0, 3, 3, 0, 8, 0x14, 3, 0, 2, 0xAB, 0xCD];
        var kept = KeptTlvs.Of(new Tlvs(tlvs));
        Assert.Equal("0423000303000814030002ABCD", Convert.ToHexString(kept));
        Assert.Equal(new Dictionary<string, string> { ["0x0423"] = "030008", ["0x1403"] = "abcd" }, KeptTlvs.Shown(kept));
        Assert.Empty(KeptTlvs.Of(new Tlvs([])));
        Assert.Null(KeptTlvs.Shown((string?)null));
    }

    [Fact]
    public void Whatever_comes_it_is_bounded_and_whole()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var octets = new byte[random.Next(0, 1200)];
            random.NextBytes(octets);
            for (var at = 0; at + 4 <= octets.Length && round % 2 == 0; at += 4 + octets[at + 3])
            {
                (octets[at + 2], octets[at + 3]) = (0, (byte)random.Next(0, 90));
            }

            var kept = KeptTlvs.Of(new Tlvs(octets));
            Assert.InRange(kept.Length, 0, KeptTlvs.MaxOctets);
            Assert.True(new Tlvs(kept).IsWellFormed);
            Assert.InRange(KeptTlvs.Shown(kept).Count, 0, KeptTlvs.MaxOctets / 4);
        }
    }
}
