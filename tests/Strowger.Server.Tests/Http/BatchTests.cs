using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Strowger.Server.Tests.Http;

public sealed class BatchTests
{
    [Theory]
    [InlineData("{0}\n{0}\n{0}")]
    [InlineData("[{0},{0},{0}]")]
    public async Task Lines_and_arrays_are_taken_in(string form)
    {
        await using var server = await ServerFixture.StartAsync();

        var answer = await ServerFixture.ReadAsync(await PostAsync(server, form.Replace("{0}", ServerFixture.Message(), StringComparison.Ordinal)), HttpStatusCode.Accepted);

        Assert.StartsWith("batch_", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(0, answer.GetProperty("rejected_count").GetInt32());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next_line").ValueKind);
        Assert.Equal(3, server.Engine.LastId.Value);
    }

    [Fact]
    public async Task Wrong_lines_are_named_and_the_others_go()
    {
        await using var server = await ServerFixture.StartAsync();
        var lines = string.Join('\n', ServerFixture.Message(), "{", "", ServerFixture.Message("123"), ServerFixture.Message(), new string(' ', 1) + "{\"to\":\"" + new string('1', 70_000) + "\"}", ServerFixture.Message());

        var answer = await ServerFixture.ReadAsync(await PostAsync(server, lines), HttpStatusCode.Accepted);

        Assert.Equal(3, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
            [(2, "malformed_json"), (4, "invalid_number"), (6, "line_too_long")],
            answer.GetProperty("rejected").EnumerateArray().Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("code").GetString()!)));
    }

    [Fact]
    public async Task Of_many_wrong_lines_all_are_counted_and_the_first_thousand_told()
    {
        await using var server = await ServerFixture.StartAsync();

        var answer = await ServerFixture.ReadAsync(await PostAsync(server, string.Concat(Enumerable.Repeat("{}\n", 20_000)) + ServerFixture.Message()), HttpStatusCode.Accepted);

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(20_000, answer.GetProperty("rejected_count").GetInt32());
        Assert.Equal(1000, answer.GetProperty("rejected").GetArrayLength());
    }

    [Fact]
    public async Task A_full_queue_says_from_where_to_go_on_and_counts_nothing_twice()
    {
        const int Room = 10_000;
        const int Total = 30_000;
        await using var server = await ServerFixture.StartAsync();
        server.Channels.Find("nowhere")!.Stage.Pause();
        server.Engine.ChangeQueue("sms:default", bound: Room);
        var lines = Enumerable.Range(1, Total).Select(n => n % 10 == 0 ? "{}" : ServerFixture.Message()).ToArray();

        using var first = await PostAsync(server, string.Join('\n', lines));
        var stopped = await ServerFixture.ReadAsync(first, HttpStatusCode.Accepted);
        using var second = await PostAsync(server, string.Join('\n', lines));

        Assert.Equal(Room, stopped.GetProperty("accepted").GetInt32());
        var next = stopped.GetProperty("next_line").GetInt32();
        Assert.Equal(next - 1, Room + stopped.GetProperty("rejected_count").GetInt32());
        Assert.NotNull(first.Headers.RetryAfter);
        var refused = await ServerFixture.ProblemAsync(second, HttpStatusCode.TooManyRequests, "queue_full");
        Assert.Equal(1, refused.GetProperty("next_line").GetInt32());
        Assert.Equal(0, refused.GetProperty("accepted").GetInt32());

        server.Engine.ChangeQueue("sms:default", bound: Total);
        var rest = await ServerFixture.ReadAsync(await PostAsync(server, string.Join('\n', lines.Skip(next - 1))), HttpStatusCode.Accepted);
        Assert.Equal(Total / 10 * 9, Room + rest.GetProperty("accepted").GetInt32());
        Assert.Equal(Total / 10, stopped.GetProperty("rejected_count").GetInt32() + rest.GetProperty("rejected_count").GetInt32());
    }

    [Fact]
    public async Task With_a_key_each_line_counts_once_however_often_it_is_sent()
    {
        await using var server = await ServerFixture.StartAsync();
        var lines = string.Join('\n', Enumerable.Range(0, 100).Select(n => ServerFixture.Message("+4670" + (1_000_000 + n))));
        await PostAsync(server, lines, "k");

        var again = await ServerFixture.ReadAsync(await PostAsync(server, lines, "k"), HttpStatusCode.Accepted);
        var changed = await ServerFixture.ReadAsync(await PostAsync(server, ServerFixture.Message(), "k"), HttpStatusCode.Accepted);

        Assert.Equal(100, again.GetProperty("accepted").GetInt32());
        Assert.Equal(100, server.Engine.LastId.Value);
        Assert.Equal("idempotency_key_reused", changed.GetProperty("rejected")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_slow_generators_lines_leave_as_they_come()
    {
        await using var server = await ServerFixture.StartAsync();
        var pipe = new System.IO.Pipelines.Pipe();
        using var content = new StreamContent(pipe.Reader.AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages/batch") { Content = content };
        var sending = server.Client.SendAsync(request);

        await pipe.Writer.WriteAsync(SlowLine);

        await server.UntilAsync("/v1/messages/msg_0000000000001", _ => true, HttpStatusCode.OK);
        await pipe.Writer.WriteAsync(SlowLine);
        await pipe.Writer.CompleteAsync();
        var answer = await ServerFixture.ReadAsync(await sending, HttpStatusCode.Accepted);
        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task A_stop_answers_an_open_batch_with_the_line_to_go_on_from()
    {
        await using var server = await ServerFixture.StartAsync();
        var pipe = new System.IO.Pipelines.Pipe();
        using var content = new StreamContent(pipe.Reader.AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        var sending = server.Client.PostAsync("/v1/messages/batch", content);
        await pipe.Writer.WriteAsync(SlowLine);
        await server.UntilAsync("/v1/messages/msg_0000000000001", _ => true, HttpStatusCode.OK);

        var clock = Stopwatch.StartNew();
        var stopping = server.StopAsync();
        await pipe.Writer.CompleteAsync();
        var answer = await ServerFixture.ReadAsync(await sending, HttpStatusCode.Accepted);
        await stopping;

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(2, answer.GetProperty("next_line").GetInt32());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task An_image_is_no_batch()
    {
        await using var server = await ServerFixture.StartAsync();
        using var image = new ByteArrayContent([1]);
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/messages/batch", image), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    /// <summary>Blanks behind the line push it out of the client's buffer.</summary>
    private static byte[] SlowLine => Encoding.UTF8.GetBytes(ServerFixture.Message() + "\n" + new string(' ', 40_000));

    private static Task<HttpResponseMessage> PostAsync(ServerFixture server, string lines, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages/batch") { Content = ServerFixture.Lines(lines) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return server.Client.SendAsync(request);
    }
}
