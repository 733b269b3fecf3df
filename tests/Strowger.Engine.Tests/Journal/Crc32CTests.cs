using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

public class Crc32CTests
{
    // RFC 3720 appendix B.4; the RFC lists the bytes as sent, least significant first.
    public static TheoryData<byte[], uint> Vectors => new()
    {
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        { Convert.FromHexString("01C00000000000000000000000000000140000000000040000000014000000182800000000000000" + "0200000000000000"), 0xD9963A56 },
        { "123456789"u8.ToArray(), 0xE3069283 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_vectors_of_RFC_3720_B_4_come_out_at_every_split(byte[] data, uint expected)
    {
        Assert.Equal(expected, Crc32C.Compute(data));
        for (int split = 0; split <= data.Length; split++)
        {
            uint state = Crc32C.Append(Crc32C.Append(Crc32C.Start, data.AsSpan(0, split)), data.AsSpan(split));
            Assert.Equal(expected, Crc32C.Finish(state));
        }
    }
}
