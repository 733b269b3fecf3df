using System.Text;
using Strowger.Server.Erasure;

namespace Strowger.Server.Tests.Erasure;

public sealed class CampaignFileErasureTests : IDisposable
{
    private const int BlockBytes = 1 << 20;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("strowger-campaign-erasure-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public void A_number_goes_from_every_row_and_numbers_that_contain_it_stay()
    {
        var path = Write("to,name\n+46701234567,Ann\n467012345678,Bo\n146701234567,Cy\n\"46701234567\",Di\n46701234567");

        Assert.Equal(3, Run());

        Assert.Equal("to,name\n+00000000000,Ann\n467012345678,Bo\n146701234567,Cy\n\"00000000000\",Di\n00000000000", File.ReadAllText(path));
        Assert.Equal(0, Run());
    }

    /// <summary>The file is gone over in blocks that overlap: wherever one ends, a number there is found once.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(25)]
    public void A_number_at_the_edge_of_a_block_is_found(int before)
    {
        var text = new StringBuilder().Append('x', BlockBytes - before).Append("46701234567").Append('y', BlockBytes).Append("46701234567").ToString();
        var path = Write(text);

        Assert.Equal(2, Run());

        Assert.Equal(text.Replace("46701234567", "00000000000", StringComparison.Ordinal), File.ReadAllText(path));
    }

    [Fact]
    public void Without_campaigns_there_is_nothing_to_do() => Assert.Equal(0, Run());

    private long Run() => CampaignFileErasure.Run(_data.FullName, "46701234567", TestContext.Current.CancellationToken);

    private string Write(string text)
    {
        var path = Path.Combine(_data.CreateSubdirectory("campaigns").FullName, "1.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
