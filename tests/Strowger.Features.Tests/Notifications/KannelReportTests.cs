using Strowger.Features.Notifications.Webhooks;

namespace Strowger.Features.Tests.Notifications;

/// <summary>Kannel's reports: kept with the text, and its escapes.</summary>
public sealed class KannelReportTests
{
    private static readonly KannelReportValues _values = new(8, "ACK/", "carrier a", "msg_1", "0a&b", 1_700_000_000_999);

    [Fact]
    public void What_is_kept_comes_back_whatever_stands_in_it()
    {
        var report = new KannelReport("http://x/r?a=1#kannel;9", 31, "us;er", "+46701112233", "Sh#p å", "acc;1");
        Assert.Equal(report with { Url = "http://x/r?a=1" }, KannelReport.Parse(report.ToCallback()));
        Assert.True(KannelReport.IsOne(System.Text.Encoding.UTF8.GetBytes(report.ToCallback())));
        Assert.Null(KannelReport.Parse("http://x/r?a=1"));
        Assert.Null(KannelReport.Parse("http://x/r#kannel;x;a;b;c;d"));
        Assert.Null(KannelReport.Parse("http://x/r#kannel;1"));
    }

    [Theory]
    [InlineData("http://x/%d/%A", "http://x/8/ACK%2F")]
    [InlineData("http://x/?p=%p&P=%P&q=%q&Q=%Q", "http://x/?p=0046701112233&P=%2B123&q=%2B46701112233&Q=%2B123")]
    [InlineData("http://x/?i=%i&I=%I&F=%F&n=%n&o=%o", "http://x/?i=carrier+a&I=msg_1&F=0a%26b&n=shop&o=")]
    [InlineData("http://x/?t=%t&T=%T", "http://x/?t=2023-11-14+22:13:20&T=1700000000")]
    [InlineData("http://x/a%20b%2F%%20%", "http://x/a%20b%2F%20%")]
    public void Escapes_are_filled_in_and_other_percent_signs_stay(string url, string filled) =>
        Assert.Equal(filled, new KannelReport(url, 31, "shop", "0046701112233", "+123", "").Fill(_values));

    [Theory]
    [InlineData("message.sent", false, 8)]
    [InlineData("message.failed", false, 16)]
    [InlineData("message.expired", false, 16)]
    [InlineData("message.delivered", true, 1)]
    [InlineData("message.undelivered", true, 2)]
    [InlineData("message.unknown", true, 2)]
    [InlineData("message.unknown", false, 0)]
    public void Events_have_Kannels_numbers(string type, bool isReceipt, int number) => Assert.Equal(number, KannelReport.TypeOf(type, isReceipt));
}
