using System.Text;

namespace Strowger.Engine.Tests.Inspection;

public sealed class RewriteTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_overwritten_is_gone_and_everything_else_is_as_before(bool kill)
    {
        await using var f = new EngineFixture();
        var ids = new List<JobId>();
        for (var i = 0; i < 300; i++)
        {
            ids.Add(await f.AddAsync((i % 3 == 0 ? "secret-" : "public-") + new string('x', 20_000)));
        }

        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage, 200), Outcome.Done(), "secret result");
        await f.Engine.WaitDurableAsync(f.Engine.Journal.End, TestContext.Current.CancellationToken);
        var (position, changed) = (0L, 0L);
        while (position < f.Engine.Journal.DurableEnd)
        {
            var (next, some) = HistoryRewrite.Run(f.Engine, position, 1 << 20, (in EngineEvent item, Span<byte> data) =>
            {
                var at = data.IndexOf("secret"u8);
                if (at < 0)
                {
                    return false;
                }

                data.Slice(at, 6).Fill((byte)'-');
                return true;
            });
            Assert.True(next > position);
            (position, changed) = (next, changed + some);
        }

        Assert.True(changed > 100);
        await f.RestartAsync(kill);
        Assert.Empty(f.Incidents);
        Assert.Equal(100, f.Engine.GetQueue("q")!.Live);
        Assert.All(ids.Take(200), id => Assert.Equal(JobState.Done, f.Engine.Find(id).State));
        foreach (var path in Directory.EnumerateFiles(System.IO.Path.Combine(f.Path, "journal"), "*.seg"))
        {
            Assert.DoesNotContain("secret", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        }

        var bodies = f.Bodies(f.Stage(), 5000);
        Assert.All(bodies, body => Assert.StartsWith(body[0] == '-' ? "------" : "public", body, StringComparison.Ordinal));
    }
}
