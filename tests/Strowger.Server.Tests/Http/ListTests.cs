using System.Net;
using System.Text.Json;

namespace Strowger.Server.Tests.Http;

public sealed class ListTests
{
    [Fact]
    public async Task Texts_are_listed_newest_first_filtered_counted_and_page_by_page()
    {
        await using var server = await ServerFixture.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            using var sent = await server.SendAsync(ServerFixture.Message("+4670123456" + i, ""","campaign":"c","reference":"r" """));
            await ServerFixture.ReadAsync(sent, HttpStatusCode.Accepted);
        }

        await server.UntilAsync("/v1/messages?status=sent", page => page.GetProperty("data").GetArrayLength() == 5);
        var first = await server.GetAsync("/v1/messages?campaign=c&limit=2&count=1");
        var second = await server.GetAsync($"/v1/messages?campaign=c&limit=2&cursor={first.GetProperty("next_cursor").GetString()}");
        using var one = await server.Client.GetAsync("/v1/messages?to=%2B46701234563&channel=nowhere&reference=r");

        Assert.Equal(["+46701234564", "+46701234563"], Numbers(first));
        Assert.Equal(["+46701234562", "+46701234561"], Numbers(second));
        Assert.Equal(5, first.GetProperty("count").GetInt32());
        Assert.False(first.GetProperty("count_capped").GetBoolean());
        Assert.True(long.Parse(one.Headers.GetValues("Strowger-Lag-Ms").Single(), System.Globalization.CultureInfo.InvariantCulture) >= 0);
        var found = await ServerFixture.ReadAsync(one, HttpStatusCode.OK);
        Assert.Equal(["+46701234563"], Numbers(found));
        Assert.Equal(JsonValueKind.String, found.GetProperty("as_of").ValueKind);
        Assert.Equal("sent", found.GetProperty("data")[0].GetProperty("status").GetString());
        Assert.Equal(0, (await server.GetAsync("/v1/messages?status=failed")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("status=gone", "invalid_parameter", "status")]
    [InlineData("to=07", "invalid_number", "to")]
    [InlineData("limit=0", "invalid_parameter", "limit")]
    [InlineData("limit=1001", "invalid_parameter", "limit")]
    [InlineData("limit=x", "invalid_parameter", "limit")]
    [InlineData("limit=1&limit=2", "invalid_parameter", "limit")]
    [InlineData("cursor=x", "invalid_cursor", "cursor")]
    [InlineData("sttus=sent", "unknown_parameter", "sttus")]
    public async Task Wrong_filters_are_told(string query, string code, string field)
    {
        await using var server = await ServerFixture.StartAsync();

        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/messages?" + query), HttpStatusCode.UnprocessableEntity, code, field);
    }

    [Fact]
    public async Task Texts_received_are_listed()
    {
        await using var server = await ServerFixture.StartAsync();

        var page = await server.GetAsync("/v1/inbound?limit=1");

        var text = page.GetProperty("data")[0];
        Assert.Equal("hej", text.GetProperty("text").GetString());
        Assert.Equal("1970-01-01T00:00:01.000Z", text.GetProperty("received_at").GetString());
        Assert.Equal("2", page.GetProperty("next_cursor").GetString());
        Assert.Equal(["other"], await TextsAsync(server, "/v1/inbound?cursor=2"));
        Assert.Equal(["hej"], await TextsAsync(server, "/v1/inbound?from=%2B46700000001"));
        Assert.Equal(["hej"], await TextsAsync(server, "/v1/inbound?from=+46700000001&to=12345"));
        Assert.Equal(["other"], await TextsAsync(server, "/v1/inbound?to=46700000009"));
        Assert.Empty(await TextsAsync(server, "/v1/inbound?from=Shop&to=12345"));
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/inbound?from=%2B"), HttpStatusCode.UnprocessableEntity, "invalid_parameter", "from");
    }

    private static async Task<IEnumerable<string>> TextsAsync(ServerFixture server, string path) =>
        [.. (await server.GetAsync(path)).GetProperty("data").EnumerateArray().Select(text => text.GetProperty("text").GetString()!)];

    private static IEnumerable<string> Numbers(JsonElement page) => page.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("to").GetString()!);
}
