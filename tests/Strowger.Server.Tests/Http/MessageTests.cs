using System.Net;

namespace Strowger.Server.Tests.Http;

public sealed class MessageTests
{
    [Fact]
    public async Task A_text_is_accepted_durable_and_followed_by_its_id()
    {
        await using var server = await ServerFixture.StartAsync();
        using var response = await server.SendAsync(ServerFixture.Message(more: ""","priority":"urgent","reference":"r1" """));

        var accepted = await ServerFixture.ReadAsync(response, HttpStatusCode.Accepted);

        Assert.Equal("queued", accepted.GetProperty("status").GetString());
        Assert.Equal(1, accepted.GetProperty("segments").GetInt32());
        Assert.Equal("gsm7", accepted.GetProperty("encoding").GetString());
        Assert.Equal("nowhere", accepted.GetProperty("channel").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", accepted.GetProperty("eta").GetString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var id = accepted.GetProperty("id").GetString();
        var message = await server.UntilAsync($"/v1/messages/{id}", m => m.GetProperty("status").GetString() == "sent");
        Assert.Equal("+46701234567", message.GetProperty("to").GetString());
        Assert.Equal("hello", message.GetProperty("text").GetString());
        Assert.Equal("r1", message.GetProperty("reference").GetString());
        Assert.Equal(["message.accepted", "message.sending", "message.sent"], message.GetProperty("timeline").EnumerateArray().Select(e => e.GetProperty("type").GetString()!));
    }

    [Fact]
    public async Task A_dry_run_checks_everything_and_accepts_nothing()
    {
        await using var server = await ServerFixture.StartAsync();
        var before = server.Engine.LastId;

        var answer = await ServerFixture.ReadAsync(await server.SendAsync(ServerFixture.Message(), "?dry_run=1"), HttpStatusCode.OK);

        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("id").ValueKind);
        Assert.True(answer.GetProperty("dry_run").GetBoolean());
        Assert.Equal(before, server.Engine.LastId);
        await ServerFixture.ProblemAsync(await server.SendAsync("""{"to":"1"}""", "?dry_run=1"), HttpStatusCode.UnprocessableEntity, "invalid_number", "to");
        await ServerFixture.ProblemAsync(await server.SendAsync(ServerFixture.Message(), "?dry_run=maybe"), HttpStatusCode.UnprocessableEntity, "invalid_parameter", "dry_run");
        await ServerFixture.ProblemAsync(await server.SendAsync(ServerFixture.Message(), "?dryrun=1"), HttpStatusCode.UnprocessableEntity, "unknown_parameter", "dryrun");
    }

    [Fact]
    public async Task A_text_for_later_is_scheduled_can_be_cancelled_once_and_resent()
    {
        await using var server = await ServerFixture.StartAsync();
        var accepted = await ServerFixture.ReadAsync(await server.SendAsync(ServerFixture.Message(more: ""","send_at":"2098-01-01T00:00:00Z" """)), HttpStatusCode.Accepted);
        Assert.Equal("scheduled", accepted.GetProperty("status").GetString());
        Assert.Equal("2098-01-01T00:00:00.000Z", accepted.GetProperty("eta").GetString());
        var path = $"/v1/messages/{accepted.GetProperty("id").GetString()}";

        var cancelled = await server.CallAsync(HttpMethod.Delete, path, null);

        Assert.Equal("cancelled", cancelled.GetProperty("status").GetString());
        Assert.Equal("cancelled", (await server.CallAsync(HttpMethod.Delete, path, null)).GetProperty("status").GetString());
        var again = await server.CallAsync(HttpMethod.Post, path + "/resend", null, HttpStatusCode.Accepted);
        Assert.NotEqual(accepted.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        using var first = new HttpRequestMessage(HttpMethod.Post, path + "/resend") { Headers = { { "Idempotency-Key", "r" } } };
        using var second = new HttpRequestMessage(HttpMethod.Post, path + "/resend") { Headers = { { "Idempotency-Key", "r" } } };
        var once = await ServerFixture.ReadAsync(await server.Client.SendAsync(first), HttpStatusCode.Accepted);
        var repeated = await ServerFixture.ReadAsync(await server.Client.SendAsync(second), HttpStatusCode.Accepted);
        Assert.Equal(once.GetProperty("id").GetString(), repeated.GetProperty("id").GetString());
        var sent = $"/v1/messages/{again.GetProperty("id").GetString()}";
        await server.UntilAsync(sent, m => m.GetProperty("status").GetString() == "sent");
        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync(sent), HttpStatusCode.Conflict, "not_cancellable");
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_answered_as_before()
    {
        await using var server = await ServerFixture.StartAsync();

        using var first = await SendAsync(server, "k", ServerFixture.Message());
        using var second = await SendAsync(server, "k", ServerFixture.Message());
        using var other = await SendAsync(server, "k", ServerFixture.Message("+46701234568"));
        using var longKey = await SendAsync(server, new string('k', 256), ServerFixture.Message());

        var id = (await ServerFixture.ReadAsync(first, HttpStatusCode.Accepted)).GetProperty("id").GetString();
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(id, (await ServerFixture.ReadAsync(second, HttpStatusCode.Accepted)).GetProperty("id").GetString());
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        await ServerFixture.ProblemAsync(other, HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        await ServerFixture.ProblemAsync(longKey, HttpStatusCode.UnprocessableEntity, "invalid_parameter", "Idempotency-Key");
    }

    [Theory]
    [InlineData("{\"to\":", 400, "malformed_json", null)]
    [InlineData("", 400, "malformed_json", null)]
    [InlineData("[]", 422, "wrong_type", null)]
    [InlineData("{\"to\":46701234567,\"from\":\"1\",\"text\":\"x\"}", 422, "wrong_type", "to")]
    [InlineData("{\"to\":\"0701234567\",\"from\":\"12345\",\"text\":\"x\"}", 422, "invalid_number", "to")]
    [InlineData("{\"to\":\"+46701234567\",\"from\":\"12345\",\"txt\":\"x\"}", 422, "unknown_field", "txt")]
    [InlineData("{\"to\":\"+46701234567\",\"from\":\"12345\"}", 422, "missing_field", "text")]
    [InlineData("{\"to\":\"+46701234567\",\"from\":\"12345\",\"text\":\"x\",\"channel\":\"gone\"}", 422, "unknown_channel", "channel")]
    public async Task What_is_wrong_is_said_with_its_field(string body, int status, string code, string? field)
    {
        await using var server = await ServerFixture.StartAsync();

        await ServerFixture.ProblemAsync(await server.SendAsync(body), (HttpStatusCode)status, code, field);
    }

    [Fact]
    public async Task Oversize_wrong_kind_wrong_method_and_nothing_there_are_problems_too()
    {
        await using var server = await ServerFixture.StartAsync();
        using var form = new FormUrlEncodedContent([new("to", "1")]);
        using var endless = new StreamContent(new RepeatedBytes((byte)' ', 500_000));
        endless.Headers.ContentType = new("application/json");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = endless };
        chunked.Headers.TransferEncodingChunked = true;

        await ServerFixture.ProblemAsync(await server.SendAsync(ServerFixture.Message(more: ",\"x\":\"" + new string('x', 70_000) + "\"")), HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        await ServerFixture.ProblemAsync(await server.Client.SendAsync(chunked), HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/messages", form), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var packed = ServerFixture.Json(ServerFixture.Message());
        packed.Headers.ContentEncoding.Add("gzip");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/messages", packed), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await ServerFixture.ProblemAsync(await server.Client.PutAsync("/v1/messages", ServerFixture.Json("{}")), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/nothing"), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/messages/msg_7zzzzzzzzzzzz"), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/messages/nonsense"), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Without_a_channel_it_is_said_what_to_do()
    {
        await using var server = await ServerFixture.StartAsync(withChannel: false);

        await ServerFixture.ProblemAsync(await server.SendAsync(ServerFixture.Message()), HttpStatusCode.UnprocessableEntity, "no_route", "to");
    }

    [Fact]
    public async Task A_full_queue_refuses_with_a_time_to_wait_and_a_late_text_is_told()
    {
        await using var server = await ServerFixture.StartAsync();
        server.Channels.Find("nowhere")!.Stage.Pause();
        server.Engine.ChangeQueue("sms:default", bound: 1);
        await server.AcceptAsync();

        using var full = await server.SendAsync(ServerFixture.Message());

        await ServerFixture.ProblemAsync(full, HttpStatusCode.TooManyRequests, "queue_full");
        Assert.True(full.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        using var late = await server.SendAsync(ServerFixture.Message(more: ""","expires_in":1,"send_at":"2098-01-01T00:00:00Z" """));
        await ServerFixture.ProblemAsync(late, HttpStatusCode.TooManyRequests, "too_late", "expires_in");
        Assert.NotNull(late.Headers.RetryAfter);
    }

    [Fact]
    public async Task Before_intake_opens_everything_that_accepts_is_503_and_live_is_200()
    {
        await using var server = await ServerFixture.StartAsync();
        server.IsReady = false;
        using var stranger = server.NewClient();

        await ServerFixture.ProblemAsync(await server.SendAsync(ServerFixture.Message()), HttpStatusCode.ServiceUnavailable, "starting");
        await ServerFixture.ProblemAsync(await stranger.GetAsync("/health/ready"), HttpStatusCode.ServiceUnavailable, "starting");
        await ServerFixture.ReadAsync(await stranger.GetAsync("/health/live"), HttpStatusCode.OK);
        server.IsReady = true;
        using var head = new HttpRequestMessage(HttpMethod.Head, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, (await stranger.SendAsync(head)).StatusCode);
        await ServerFixture.ReadAsync(await stranger.GetAsync("/health/ready"), HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> SendAsync(ServerFixture server, string key, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = ServerFixture.Json(json) };
        request.Headers.Add("Idempotency-Key", key);
        return server.Client.SendAsync(request);
    }
}
