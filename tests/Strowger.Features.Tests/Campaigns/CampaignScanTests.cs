using System.Text;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Tests.Campaigns;

public sealed class CampaignScanTests
{
    public static TheoryData<string> Kinds => ["utf8", "utf8-bom", "utf16le", "utf16be", "latin1"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Files_as_spreadsheets_write_them_are_read(string kind)
    {
        await using var fixture = await CampaignFixture.StartAsync();
        var text = "to;name\r\n\r\n46701234567;Åsa\r\n\"46701234568\";\"An \"\"a\"\"\r\nand b;\"\r\n;\r\n123;short\r\n46701234569;Öl\r\n";
        byte[] csv = kind switch
        {
            "utf8-bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
            "utf16le" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
            "utf16be" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
            "latin1" => Encoding.Latin1.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };

        var (scan, error) = await fixture.ScanAsync(csv, CampaignFixture.Spec());

        Assert.Null(error);
        Assert.Equal(["to", "name"], scan!.Columns);
        Assert.Equal((5, 2, ';'), (scan.Rows, scan.BadRows, scan.Delimiter));
        Assert.Equal(["Hello Åsa", "Hello An \"a\"\r\nand b;", "Hello Öl"], scan.Examples.Select(e => e.Text));
        Assert.Equal([(6, "invalid_number"), (7, "invalid_number")], scan.Refused.Select(r => (r.Line, r.Code)));
    }

    [Theory]
    [InlineData("number,name\n1,2\n", "Hello {name}", "missing_column", "number, name")]
    [InlineData("to,name\n1,2\n", "Hello {nam}", "invalid_template", "to, name")]
    [InlineData("", "Hello", "invalid_csv", "empty")]
    [InlineData("to,to\n1,2\n", "Hello", "invalid_csv", "same name")]
    [InlineData("to\n123\n", "Hello", "nothing_to_send", "line 2")]
    [InlineData("to\n", "Hello", "nothing_to_send", "header")]
    public async Task What_is_wrong_is_told_with_what_there_is(string csv, string text, string code, string says)
    {
        await using var fixture = await CampaignFixture.StartAsync();

        var (scan, error) = await fixture.ScanAsync(Encoding.UTF8.GetBytes(csv), CampaignFixture.Spec(text));

        Assert.Null(scan);
        Assert.Equal((422, code), (error!.Status, error.Code));
        Assert.Contains(says, error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_divided_by_time_zone_and_prefix_and_each_pass_begins_at_its_first_row()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        const string Csv = "to,name\n46701234567,a\n4712345678,b\n12025550123,c\n46701234568,d\n";

        var (scan, _) = await fixture.ScanAsync(Encoding.UTF8.GetBytes(Csv), CampaignFixture.Spec(hours: new CampaignHours(540, 1200, "America/New_York")));

        Assert.Equal(
            [("Europe/Stockholm", "46", 2, 8, 0), ("Europe/Oslo", "", 1, 22, 1), ("America/New_York", "", 1, 35, 2)],
            scan!.Passes.Select(p => (p.TimeZone, p.Prefix, (int)p.Rows, (int)p.Offset, (int)p.Row)));
    }

    [Fact]
    public void Every_zone_of_a_country_is_one_there_is()
    {
        Assert.All(CountryZones.All, zone => Assert.NotNull(Hours.ZoneOf(zone)));
        Assert.Equal("Europe/Stockholm", CountryZones.Of(new Msisdn(46701234567)));
        Assert.Equal("Europe/Helsinki", CountryZones.Of(new Msisdn(358401234567)));
        Assert.Null(CountryZones.Of(new Msisdn(12025550123)));
        Assert.Null(CountryZones.Of(new Msisdn(79161234567)));
    }
}
