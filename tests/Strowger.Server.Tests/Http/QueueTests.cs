using System.Net;
using Strowger.Server.Http.Queues;

namespace Strowger.Server.Tests.Http;

public sealed class QueueTests
{
    [Fact]
    public async Task A_queue_is_shown_bounded_and_paused_and_that_is_kept()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.AcceptAsync();

        var changed = await server.CallAsync(HttpMethod.Patch, "/v1/queues/sms:default", """{"bound":2,"paused":true}""");

        Assert.Equal("paused", changed.GetProperty("state").GetString());
        Assert.Equal(2, changed.GetProperty("bound").GetInt64());
        await server.UntilAsync("/v1/queues/sms:default", q => q.GetProperty("live").GetInt64() == 0);
        await server.AcceptAsync(""","priority":"urgent" """);
        await server.AcceptAsync();
        await ServerFixture.ProblemAsync(await server.SendAsync(ServerFixture.Message()), HttpStatusCode.TooManyRequests, "queue_full");
        var queue = await server.UntilAsync("/v1/queues/sms:default", q => q.GetProperty("waiting").GetInt64() == 2);
        Assert.Equal(1, queue.GetProperty("ready").GetProperty("urgent").GetInt64());
        Assert.Equal(3, queue.GetProperty("enqueued_total").GetInt64());

        server.Engine.ChangeQueue("sms:default", bound: 9, paused: false);
        new LiveQueues(server.Settings).Restore(server.Engine);
        var restored = server.Engine.GetQueue("sms:default")!;
        Assert.Equal((2, true), (restored.Bound, restored.Paused));
        Assert.Contains("sms:default", (await server.GetAsync("/v1/queues")).GetProperty("data").EnumerateArray().Select(q => q.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("{\"bound\":0}", "out_of_range", "bound")]
    [InlineData("{\"bound\":1.5}", "wrong_type", "bound")]
    [InlineData("{\"paused\":1}", "wrong_type", "paused")]
    [InlineData("{\"rate\":1}", "invalid_value", "rate")]
    [InlineData("{\"depth\":1}", "unknown_field", "depth")]
    public async Task Wrong_changes_change_nothing(string body, string code, string field)
    {
        await using var server = await ServerFixture.StartAsync();
        var before = server.Engine.GetQueue("sms:default");

        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/queues/sms:default", ServerFixture.Json(body)), HttpStatusCode.UnprocessableEntity, code, field);

        Assert.Equal(before!.Bound, server.Engine.GetQueue("sms:default")!.Bound);
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/queues/none", ServerFixture.Json("{}")), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/queues/none"), HttpStatusCode.NotFound, "not_found");
    }
}
