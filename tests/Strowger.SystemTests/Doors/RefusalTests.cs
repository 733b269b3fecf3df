using System.Text;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Doors;

/// <summary>What cannot be accepted gets its word, and costs nothing that was.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const int Bound = 500;
    private readonly TempDirectory _directory = new();
    private StrowgerProcess _server = null!;
    private Api _api = null!;

    /// <summary>A server whose carrier is away and whose queues take 500.</summary>
    public async ValueTask InitializeAsync()
    {
        var config = _directory.Write("strowger.json", $$"""{"Queues":{"Bound":{{Bound}}},"Channels":[{{Config.Smpp("carrier", Ports.Free()).ToJsonString()}},{{Config.Smpp("other", Ports.Free(), ("Prefixes", new JsonArray("47"))).ToJsonString()}}]}""");
        _server = await StrowgerProcess.StartAsync(_directory.File("data"), config);
        _api = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Keys()
    {
        using var none = _server.Connect(null);
        using var wrong = _server.Connect("sk_wrong-key-of-some-length-0000000");
        Assert.Equal((401, "missing_key"), Word(await none.TextAsync("+46701234567", "x")));
        Assert.Equal((401, "wrong_key"), Word(await wrong.TextAsync("+46701234567", "x")));
        Assert.Equal((401, "missing_key"), Word(await none.GetAsync("/v1/channels")));
        Assert.Equal(200, (await none.GetAsync("/health/ready")).Status);

        // One that may only read.
        var key = (await _api.PostAsync("/v1/keys", """{"name":"reader","rights":["messages:read"]}""")).Expect(201).Text("secret")!;
        using var reader = _server.Connect(key);
        Assert.Equal((403, "forbidden"), Word(await reader.TextAsync("+46701234567", "x")));
        (await reader.GetAsync("/v1/messages")).Expect(200);
    }

    [Fact]
    public async Task Bodies()
    {
        (string Body, int Status, string Code)[] cases =
        [
            ("{", 400, "malformed_json"),
            ("[]", 422, "wrong_type"),
            ("""{"from":"x","text":"x"}""", 422, "missing_field"),
            ("""{"to":"+4670","from":"x","text":"x"}""", 422, "invalid_number"),
            ("""{"to":"+46701234567","from":"x","text":"x","txet":"y"}""", 422, "unknown_field"),
            ("""{"to":"+46701234567","from":"x","text":7}""", 422, "wrong_type"),
            ("""{"to":"+46701234567","from":"x","text":"\ud800"}""", 422, "invalid_text"),
            ("""{"to":"+46701234567","from":"x","text":"x","channel":"nowhere"}""", 422, "unknown_channel"),
            ("""{"to":"+46701234567","from":"x","text":"x","priority":"sometime"}""", 422, "invalid_priority"),
            ("""{"to":"+46701234567","from":"x","text":"x","expires_in":-1}""", 422, "out_of_range"),
            (Api.Message("+46701234567", new string('x', 66_000)), 413, "body_too_large"),
        ];
        foreach (var (body, status, code) in cases)
        {
            var answer = await _api.PostAsync("/v1/messages", body);
            Assert.True((answer.Status, answer.Code) == (status, code), $"{body[..Math.Min(80, body.Length)]}: {answer}");
        }

        using var form = new StringContent("to=46701234567", Encoding.ASCII, "application/x-www-form-urlencoded");
        Assert.Equal((415, "unsupported_media_type"), Word(await _api.SendAsync(HttpMethod.Post, "/v1/messages", form)));
        Assert.Equal((404, "not_found"), Word(await _api.GetAsync("/v1/messages/msg_00000zzzzzzzz")));
        Assert.Equal((404, "not_found"), Word(await _api.GetAsync("/v1/nothing")));
        Assert.Equal(0, await _api.LiveAsync());
    }

    [Fact]
    public async Task An_idempotency_key_again()
    {
        var first = (await _api.TextAsync("+46701234567", "one", idempotencyKey: "k")).Expect(202);
        var again = (await _api.TextAsync("+46701234567", "one", idempotencyKey: "k")).Expect(202);
        Assert.Equal((first.Id, true, false), (again.Id, again.IsReplay, first.IsReplay));
        Assert.Equal((422, "idempotency_key_reused"), Word(await _api.TextAsync("+46701234567", "two", idempotencyKey: "k")));

        // The same after a kill.
        _server.Kill9();
        await _server.RestartAsync();
        Assert.Equal(first.Id, (await _api.TextAsync("+46701234567", "one", idempotencyKey: "k")).Expect(202).Id);
        Assert.Equal((422, "idempotency_key_reused"), Word(await _api.TextAsync("+46701234567", "two", idempotencyKey: "k")));
        Assert.Equal(1, await _api.LiveAsync());
    }

    [Fact]
    public async Task A_full_queue_stops_a_batch_at_a_line_to_go_on_from()
    {
        var lines = Texts.Lines(1, Bound + 200).ToList();
        lines.Insert(10, "{\"to\":\"nonsense\"}");
        var answer = (await _api.BatchAsync(lines, "b")).Expect(202);
        Assert.Equal(Bound, answer.Number("accepted"));
        Assert.Equal(Bound + 2, answer.Number("next_line"));
        Assert.Equal(1, answer.Number("rejected_count"));
        Assert.Equal(11, answer.Body.GetProperty("rejected")[0].GetProperty("line").GetInt64());
        Assert.True(answer.RetryAfter > 0);
        var one = await _api.TextAsync("+46701234567", "x");
        Assert.Equal((429, "queue_full"), Word(one));
        Assert.True(one.RetryAfter > 0);

        // Another route's queue is another matter.
        (await _api.TextAsync("+4790123456", "x")).Expect(202);

        // The same batch again, with its key: nothing twice; and it goes on when there is room.
        (await _api.PatchAsync("/v1/queues/" + await QueueOfAsync("+46701234567"), $$"""{"bound":{{2 * Bound}}}""")).Expect(200);
        answer = (await _api.BatchAsync(lines, "b")).Expect(202);
        Assert.Null(answer.NumberOrNull("next_line"));
        Assert.Equal(Bound + 200, answer.Number("accepted"));
        Assert.Equal(Bound + 201, await _api.LiveAsync());
    }

    private static (int Status, string? Code) Word(ApiAnswer answer) => (answer.Status, answer.Code);

    /// <summary>The queue that is full.</summary>
    private async Task<string> QueueOfAsync(string to) =>
        (await _api.GetAsync("/v1/queues")).Expect(200).Body.GetProperty("data").EnumerateArray()
        .Single(q => q.GetProperty("state").GetString() == "full").GetProperty("name").GetString() ?? to;
}
