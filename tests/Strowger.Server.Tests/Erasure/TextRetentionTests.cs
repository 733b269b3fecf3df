using System.Net;
using Strowger.Records.Inbound;
using Strowger.Server.Erasure;
using Strowger.Server.Tests.Http;

namespace Strowger.Server.Tests.Erasure;

public sealed class TextRetentionTests
{
    [Fact]
    public async Task What_a_text_said_goes_and_all_else_about_it_stays()
    {
        await using var server = await ServerFixture.StartAsync();
        var directory = Directory.CreateTempSubdirectory("strowger-retention-");
        try
        {
            var sent = (await ServerFixture.ReadAsync(await server.SendAsync(ServerFixture.Message()), HttpStatusCode.Accepted)).GetProperty("id").GetString();
            await server.UntilAsync("/v1/messages?status=sent", page => page.GetProperty("data").GetArrayLength() == 1);
            var waiting = (await ServerFixture.ReadAsync(
                await server.SendAsync("""{"to":"+46701234567","from":"12345","text":"not yet","send_at":"2099-01-01T00:00:00Z"}"""), HttpStatusCode.Accepted)).GetProperty("id").GetString();
            using var inbound = InboundStore.Open(directory.FullName, 90, TimeProvider.System);
            inbound.Apply([new InboundRow(8, 1000, "c", "46701", "123", "hello", null, 0, 1, 1, 0), new InboundRow(16, long.MaxValue / 2, "c", "46701", "123", "later", null, 0, 1, 1, 0)], 24);

            var young = new TextRetention(server.Engine, inbound, directory.FullName, TimeSpan.FromHours(1), TimeProvider.System);
            Assert.Equal(0, young.Run());
            Assert.NotEqual("", (await server.GetAsync($"/v1/messages/{sent}")).GetProperty("text").GetString()!.Trim());

            var retention = new TextRetention(server.Engine, inbound, directory.FullName, TimeSpan.FromHours(1), new LaterTime(TimeSpan.FromHours(2)));
            Assert.Equal(1, retention.Run());
            Assert.Equal(0, retention.Run());

            var blank = await server.GetAsync($"/v1/messages/{sent}");
            Assert.Equal("", blank.GetProperty("text").GetString()!.Trim());
            Assert.Equal("sent", blank.GetProperty("status").GetString());
            Assert.Equal("+46701234567", blank.GetProperty("to").GetString());
            Assert.Equal("not yet", (await server.GetAsync($"/v1/messages/{waiting}")).GetProperty("text").GetString());
            Assert.Equal(["later", ""], inbound.List(new InboundFilter()).Rows.Select(row => row.Text));
            using var resent = await server.Client.PostAsync($"/v1/messages/{sent}/resend", null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, resent.StatusCode);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Texts_that_came_over_SMPP_and_what_was_made_of_texts_received_are_blanked_too()
    {
        await using var server = await ServerFixture.StartAsync();
        var sent = await NumberErasureTests.SubmitAsync(server, "46701234567", "Shop", "said over SMPP");
        await server.UntilAsync("/v1/messages?status=sent", page => page.GetProperty("data").GetArrayLength() == 1);
        foreach (var job in await NumberErasureTests.ReceiveAsync(server, 100, "0709999999", "12345", "said and passed on"))
        {
            Assert.True(await server.Engine.CancelAsync(job, 1, TestContext.Current.CancellationToken));
        }

        var retention = new TextRetention(server.Engine, server.Inbound, server.DataDirectory, TimeSpan.FromHours(1), new LaterTime(TimeSpan.FromHours(2)));
        await server.Engine.WaitDurableAsync(server.Engine.Journal.End, TestContext.Current.CancellationToken);
        Assert.Equal(4, retention.Run());

        Assert.Equal("+46701234567", (await server.GetAsync($"/v1/messages/{sent}")).GetProperty("to").GetString());
        foreach (var path in NumberErasureTests.PathsOf(server).Where(path => path.EndsWith(".seg", StringComparison.Ordinal)))
        {
            NumberErasureTests.AssertLacks(path, "said over SMPP", "said and passed on");
        }

        Assert.Equal(0, retention.Run());
    }

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
