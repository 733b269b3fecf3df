namespace Strowger.Smpp.Tests.Pdus;

public sealed class CommandStatusTests
{
    [Theory]
    [InlineData(CommandStatusClass.Ok, new uint[] { 0 })]
    [InlineData(CommandStatusClass.Throttled, new uint[] { 0x58 })]
    [InlineData(CommandStatusClass.QueueFull, new uint[] { 0x14 })]
    [InlineData(CommandStatusClass.Temporary, new uint[] { 0x08, 0x64, 0xFE, 0x45, 0xFF })]
    [InlineData(CommandStatusClass.Session, new uint[] { 0x04, 0x05, 0x0D, 0x0E, 0x0F, 0x53 })]
    [InlineData(CommandStatusClass.RouteFault, new uint[] { 0x0A, 0x48, 0x49, 0x15, 0x66, 0x100, 0x101, 0x102, 0x103 })]
    [InlineData(CommandStatusClass.Permanent, new uint[] { 0x01, 0x0B, 0x50, 0x51, 0x43, 0x61, 0x62, 0x65, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4 })]
    [InlineData(CommandStatusClass.OurBug, new uint[] { 0x02, 0x03, 0x06, 0x07, 0x54, 0x55, 0x63 })]
    [InlineData(CommandStatusClass.Query, new uint[] { 0x0C, 0x11, 0x13, 0x67, 0x33, 0x34, 0x40, 0x44 })]
    [InlineData(CommandStatusClass.Vendor, new uint[] { 0x400, 0x45A, 0x4FF, 0x500, 0x10, 0xFFFFFFFF })]
    public void Each_code_has_its_class(CommandStatusClass expected, uint[] codes)
    {
        foreach (uint code in codes)
        {
            Assert.Equal(expected, CommandStatus.Classify(code));
            Assert.NotEmpty(CommandStatus.Words(code));
        }
    }

    [Fact]
    public void Names_are_the_standards_and_unknown_codes_show_their_number()
    {
        Assert.Equal("ESME_RTHROTTLED", CommandStatus.Name(0x58));
        Assert.Equal("0x00000412", CommandStatus.Name(0x412));
        Assert.Equal("submit_sm_resp", CommandId.Name(0x80000004));
        Assert.Equal("0x00000999", CommandId.Name(0x999));
    }
}
