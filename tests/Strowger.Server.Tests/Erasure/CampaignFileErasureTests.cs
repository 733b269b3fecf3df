using System.Text;
using Strowger.Features.Messaging;
using Strowger.Server.Erasure;

namespace Strowger.Server.Tests.Erasure;

public sealed class CampaignFileErasureTests : IDisposable
{
    private const int BlockBytes = 1 << 20;
    private static readonly NumberForms _forms = new(new Msisdn(46701234567));
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("strowger-campaign-erasure-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Rows_to_a_number_are_overwritten_whole_and_others_stay()
    {
        var path = Write("to,name\n+46701234567,Ann\n467012345678,Bo\n146701234567,Cy\n\"46701234567\",\"Di, \"\"x\"\"\r\nD\"\n \t46701234567 ,Eve\n46701234567");

        Assert.Equal(4, await RunAsync());

        Assert.Equal(
            "to,name\nxxxxxxxxxxxx,xxx\n467012345678,Bo\n146701234567,Cy\n\"xxxxxxxxxxx\",\"xx,x\"\"x\"\"\r\nx\"\n \txxxxxxxxxxxx,xxx\nxxxxxxxxxxx",
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(0, await RunAsync());
    }

    [Theory]
    [InlineData("+46 70-123 45 67")]
    [InlineData("0046701234567")]
    [InlineData("070 123 45 67")]
    [InlineData("0701234567")]
    [InlineData("+46 (0)70 123 45 67")]
    [InlineData("46.70.123.45.67")]
    [InlineData("'+46701234567")]
    public async Task Rows_that_campaigns_refuse_for_how_the_number_is_written_go_too(string written)
    {
        var path = Write($"name;to\nAnn;{written}\nBo;0709999999\n");

        Assert.Equal(1, await RunAsync());

        Assert.Equal($"name;to\nxxx;{new string('x', written.Length)}\nBo;0709999999\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    /// <summary>As sending reads it: without a country code it is another country's number.</summary>
    [Fact]
    public async Task What_would_be_sent_to_another_number_stays()
    {
        var path = Write("to\n701234567\n+701234567\n");

        Assert.Equal(0, await RunAsync());

        Assert.Equal("to\n701234567\n+701234567\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task In_other_columns_its_digits_go()
    {
        var path = Write("to,friend\n46709999999,call 0701234567 or 0046701234567\n");

        Assert.Equal(2, await RunAsync());

        Assert.Equal("to,friend\n46709999999,call 0000000000 or 0000000000000\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    /// <summary>Cursors of campaigns count rows, and blank lines are none.</summary>
    [Fact]
    public async Task A_file_keeps_as_many_rows_as_it_had()
    {
        Write("to\tname\n\n \t \n46701234567\tAnn\n\n46709999999\tBo\n");

        Assert.Equal(1, await RunAsync());

        var rows = new List<string>();
        await CampaignFileRows.ReadAsync(
            CampaignFileRows.FilesOf(_data.FullName).Single(), row => rows.Add(Encoding.UTF8.GetString(row.Reader[0])), TestContext.Current.CancellationToken);
        Assert.Equal(["xxxxxxxxxxx", "46709999999"], rows);
    }

    /// <summary>What is no row is gone over in blocks that overlap: wherever one ends, a number there is found once.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(40)]
    public async Task A_number_at_the_edge_of_a_block_is_found(int before)
    {
        var text = new StringBuilder().Append('x', BlockBytes - before).Append("46701234567").Append('y', BlockBytes).Append("46701234567").ToString();
        var path = Write(text);

        Assert.Equal(2, await RunAsync());

        Assert.Equal(text.Replace("46701234567", "00000000000", StringComparison.Ordinal), await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_campaigns_there_is_nothing_to_do() => Assert.Equal(0, await RunAsync());

    private Task<long> RunAsync() => new CampaignFileErasure(_forms).RunAsync(_data.FullName, TestContext.Current.CancellationToken);

    private string Write(string text)
    {
        var path = Path.Combine(_data.CreateSubdirectory("campaigns").FullName, "1.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
