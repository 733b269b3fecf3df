using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Server.Tests.Http;

public sealed class EventTests
{
    [Fact]
    public async Task Events_are_read_in_order_page_by_page()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = await server.AcceptAsync(""","reference":"r" """);
        await server.UntilAsync("/v1/events", page => page.GetProperty("data").GetArrayLength() == 3);

        var all = (await server.GetAsync("/v1/events?after=0")).GetProperty("data");
        var first = await server.GetAsync("/v1/events?limit=2");
        var rest = await server.GetAsync($"/v1/events?cursor={first.GetProperty("next_cursor").GetString()}");

        Assert.Equal(["message.accepted", "message.sending", "message.sent"], Types(all));
        Assert.All(all.EnumerateArray(), e => Assert.Equal(id, e.GetProperty("subject").GetString()));
        Assert.Equal("+46701234567", all[0].GetProperty("data").GetProperty("to").GetString());
        Assert.Equal("hello", all[0].GetProperty("data").GetProperty("text").GetString());
        Assert.Equal("nowhere", all[2].GetProperty("data").GetProperty("channel").GetString());
        Assert.Equal(["message.sent"], Types(rest.GetProperty("data")));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next_cursor").ValueKind);
        var last = all[2].GetProperty("position").GetInt64();
        Assert.Equal(0, (await server.GetAsync($"/v1/events?after={last}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Positions_that_are_none_are_refused_and_do_not_look_like_damage()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.AcceptAsync();

        foreach (var (after, field) in new[] { ("x", "after"), ("-1", "after"), ("99999999999999", "after"), (long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture), "after"), ("1024", "after") })
        {
            await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/events?after=" + after), HttpStatusCode.UnprocessableEntity, "invalid_cursor", field);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events/stream");
        request.Headers.Add("Last-Event-ID", "77777");
        await ServerFixture.ProblemAsync(await server.Client.SendAsync(request), HttpStatusCode.UnprocessableEntity, "invalid_cursor", "Last-Event-ID");
        Assert.Empty(server.Incidents);
    }

    [Fact]
    public async Task A_stream_tells_what_happens_and_goes_on_where_it_was_cut()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.AcceptAsync();
        await server.UntilAsync("/v1/events", page => page.GetProperty("data").GetArrayLength() == 3);

        string position;
        using (var live = await StreamReading.OpenAsync(server.Client, "/v1/events/stream"))
        {
            Assert.Equal("no", live.Header("X-Accel-Buffering"));
            var id = await server.AcceptAsync();
            (position, var accepted) = await live.NextAsync();
            Assert.Equal("message.accepted", accepted.GetProperty("type").GetString());
            Assert.Equal(id, accepted.GetProperty("subject").GetString());
            Assert.Equal(position, accepted.GetProperty("position").GetRawText());
        }

        using var resumed = await StreamReading.OpenAsync(server.Client, "/v1/events/stream", lastEventId: position);
        Assert.Equal("message.sending", (await resumed.NextAsync()).Event.GetProperty("type").GetString());
        Assert.Equal("message.sent", (await resumed.NextAsync()).Event.GetProperty("type").GetString());
        using var whole = await StreamReading.OpenAsync(server.Client, "/v1/events/stream?after=0");
        for (var i = 0; i < 6; i++)
        {
            await whole.NextAsync();
        }
    }

    [Fact]
    public async Task A_stop_ends_open_streams_at_once()
    {
        await using var server = await ServerFixture.StartAsync();
        using var live = await StreamReading.OpenAsync(server.Client, "/v1/events/stream");

        var clock = Stopwatch.StartNew();
        await server.StopAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), clock.Elapsed.ToString());
        Assert.True(await live.IsEndedAsync());
    }

    [Fact]
    public async Task A_text_received_is_an_event_without_a_subject()
    {
        await using var server = await ServerFixture.StartAsync();
        using var live = await StreamReading.OpenAsync(server.Client, "/v1/events/stream");
        var events = new EventBatch();
        events.Add(default, MessagingEvents.Inbound, new InboundText("nowhere", "+46700000001", "12345", "hej \"du\"\n", null, 0).ToBytes());

        server.Engine.Append(events);

        var (_, inbound) = await live.NextAsync();
        Assert.Equal("inbound.received", inbound.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, inbound.GetProperty("subject").ValueKind);
        Assert.Equal("hej \"du\"\n", inbound.GetProperty("data").GetProperty("text").GetString());
    }

    private static IEnumerable<string> Types(JsonElement events) => events.EnumerateArray().Select(e => e.GetProperty("type").GetString()!);
}
