namespace Strowger.Smpp.Tests.Pdus;

public sealed class TlvTests
{
    [Fact]
    public void Known_ones_have_typed_getters_and_unknown_ones_are_kept()
    {
        var tlvs = new Tlvs(Convert.FromHexString(
            "001E0003616200" + "0427000102" + "0423000303000A" + "020C00020007" + "020E000103" + "020F000102" + "0428000155" + "14010002CAFE"));
        Assert.True(tlvs.IsWellFormed);
        Assert.True(tlvs.TryGetReceiptedMessageId(out var id));
        Assert.True(id.SequenceEqual("ab"u8));
        Assert.True(tlvs.TryGetMessageState(out byte state));
        Assert.Equal(2, state);
        Assert.True(tlvs.TryGetNetworkErrorCode(out byte type, out ushort code));
        Assert.Equal((3, 10), (type, code));
        Assert.True(tlvs.TryGetSar(out ushort reference, out byte total, out byte number));
        Assert.Equal((7, 3, 2), (reference, total, number));
        Assert.True(tlvs.TryGetCongestionState(out byte congestion));
        Assert.Equal(0x55, congestion);
        Assert.True(tlvs.TryGet(0x1401, out var vendor));
        Assert.Equal("CAFE", Convert.ToHexString(vendor));
        int count = 0;
        foreach (var tlv in tlvs)
        {
            count++;
            Assert.Equal(tlv.Tag == 0x1401, tlv.IsVendor);
        }

        Assert.Equal(8, count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("04")]
    [InlineData("042700")]
    [InlineData("04270002AA")]
    [InlineData("0427FFFF")]
    public void A_short_tail_yields_nothing(string hex)
    {
        var tlvs = new Tlvs(Convert.FromHexString(hex));
        Assert.Equal(hex.Length == 0, tlvs.IsWellFormed);
        Assert.False(tlvs.TryGetMessageState(out _));
    }

    [Fact]
    public void Wrong_lengths_and_impossible_parts_are_as_absent()
    {
        Assert.False(new Tlvs(Convert.FromHexString("042700020102")).TryGetMessageState(out _));
        Assert.False(new Tlvs(Convert.FromHexString("020C00020007" + "020E000103" + "020F000104")).TryGetSar(out _, out _, out _));
        Assert.False(new Tlvs(Convert.FromHexString("020C00020007" + "020E000103" + "020F000100")).TryGetSar(out _, out _, out _));
    }

    [Fact]
    public void Writer_writes_what_the_getters_read_and_reports_what_does_not_fit()
    {
        var writer = new TlvWriter(stackalloc byte[24]);
        Assert.True(writer.TryAddCString(TlvTag.ReceiptedMessageId, "77"u8));
        Assert.True(writer.TryAddByte(TlvTag.MessageState, 5));
        Assert.True(writer.TryAddUInt16(TlvTag.SarMessageReference, 0x1234));
        Assert.Equal("001E0003373700" + "0427000105" + "020C00021234", Convert.ToHexString(writer.Written));
        Assert.False(writer.TryAddUInt16(TlvTag.SourcePort, 1) && writer.TryAddUInt16(TlvTag.SourcePort, 1));
    }
}
