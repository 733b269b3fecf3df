using System.Text;

namespace Strowger.Smpp.Tests.Pdus;

public sealed class RelativeTimeTests
{
    [Theory]
    [InlineData(1, "000000000001000R")]
    [InlineData(0.2, "000000000001000R")]
    [InlineData(-5, "000000000001000R")]
    [InlineData(59.1, "000000000100000R")]
    [InlineData(93784, "000001020304000R")]
    [InlineData(31 * 86400, "000031000000000R")]
    [InlineData(1e9, "000031235959000R")]
    public void A_time_is_written_in_whole_seconds(double seconds, string expected)
    {
        var buffer = new byte[RelativeTime.Length];
        Assert.Equal(16, RelativeTime.Write(TimeSpan.FromSeconds(seconds), buffer));
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer));
    }
}
