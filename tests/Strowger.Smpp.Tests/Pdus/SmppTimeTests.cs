using System.Text;
using Strowger.Smpp;

namespace Strowger.Smpp.Tests.Pdus;

public sealed class SmppTimeTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("261121120000000+", "2026-11-21T12:00:00Z")]
    [InlineData("261121120000508+", "2026-11-21T10:00:00.5Z")]
    [InlineData("261121120000008-", "2026-11-21T14:00:00Z")]
    [InlineData("000000000500000R", "2026-11-21T10:05:00Z")]
    [InlineData("000102030405000R", "2026-12-23T13:04:05Z")]
    public void Both_forms_are_read(string text, string expected)
    {
        Assert.True(SmppTime.TryParse(Encoding.ASCII.GetBytes(text), _now, out var time));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("261121120000")]
    [InlineData("261321120000000+")]
    [InlineData("260230120000000+")]
    [InlineData("261121250000000+")]
    [InlineData("261121120000049+")]
    [InlineData("26112112000000x+")]
    [InlineData("261121120000000Z")]
    public void What_is_no_time_is_refused(string text) => Assert.False(SmppTime.TryParse(Encoding.ASCII.GetBytes(text), _now, out _));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var octets = new byte[SmppTime.Length];
        Assert.Equal(SmppTime.Length, SmppTime.Write(_now, octets));
        Assert.Equal("261121100000000+", Encoding.ASCII.GetString(octets));
        Assert.True(SmppTime.TryParse(octets, DateTimeOffset.UnixEpoch, out var time));
        Assert.Equal(_now, time);
    }
}
