using System.Net;
using System.Text.Json;

namespace Strowger.Server.Tests.Http;

public sealed class ChannelTests
{
    private const string Carrier = """{"name":"a","kind":"smpp","host":"127.0.0.1","port":1,"system_id":"me","password":"geheim","binds":2,"rate":200,"prefixes":["46"]}""";

    [Fact]
    public async Task A_channel_is_added_shown_changed_paused_and_removed_while_it_runs()
    {
        await using var server = await ServerFixture.StartAsync();

        var added = await server.CallAsync(HttpMethod.Post, "/v1/channels", Carrier, HttpStatusCode.Created);

        Assert.Equal("a", added.GetProperty("name").GetString());
        Assert.Equal(2, added.GetProperty("binds").GetArrayLength());
        Assert.Equal(200, added.GetProperty("rate").GetDouble());
        Assert.Equal("100ms", added.GetProperty("bucket").GetString());
        Assert.DoesNotContain("geheim", added.GetRawText(), StringComparison.Ordinal);
        var down = await server.UntilAsync("/v1/channels/a", c => c.GetProperty("reason").ValueKind == JsonValueKind.String);
        Assert.Equal("down", down.GetProperty("state").GetString());
        Assert.Equal("a", (await ServerFixture.ReadAsync(await server.SendAsync(ServerFixture.Message()), HttpStatusCode.Accepted)).GetProperty("channel").GetString());
        Assert.Equal(["nowhere", "a"], (await server.GetAsync("/v1/channels")).GetProperty("data").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));

        var changed = await server.CallAsync(HttpMethod.Patch, "/v1/channels/a", """{"rate":null,"window":7,"paused":true,"prefixes":["47"]}""");
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("rate").ValueKind);
        Assert.Equal(7, changed.GetProperty("window").GetInt32());
        Assert.Equal("paused", changed.GetProperty("state").GetString());
        var waiting = await server.UntilAsync("/v1/channels/a", c => c.GetProperty("backlog").GetInt32() >= 0);
        Assert.Equal(JsonValueKind.Null, waiting.GetProperty("drain_eta").ValueKind);
        var kept = server.Settings.Channels.List().Single(c => c.Name == "a").SettingsJson;
        Assert.Contains("\"Paused\":true", kept, StringComparison.Ordinal);
        Assert.Contains("\"Password\":\"geheim\"", kept, StringComparison.Ordinal);

        await server.CallAsync(HttpMethod.Delete, "/v1/channels/a", null, HttpStatusCode.NoContent);
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/channels/a"), HttpStatusCode.NotFound, "not_found");
        var audit = server.Settings.Audit.List(3);
        Assert.Equal(["channel.remove", "channel.change", "channel.add"], audit.Select(entry => entry.Action));
        Assert.All(audit, entry => Assert.DoesNotContain("geheim", entry.Before + entry.After, StringComparison.Ordinal));

        // The text for the prefix that no channel names any more goes over the default route.
        await server.UntilAsync("/v1/messages/msg_0000000000001", m => m.GetProperty("status").GetString() == "sent");
    }

    [Fact]
    public async Task A_paused_channel_holds_its_texts_until_it_is_resumed()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Patch, "/v1/channels/nowhere", """{"paused":true}""");
        var id = await server.AcceptAsync();
        Assert.Equal(1, (await server.UntilAsync("/v1/channels/nowhere", c => c.GetProperty("backlog").GetInt32() == 1)).GetProperty("backlog").GetInt32());

        var resumed = await server.CallAsync(HttpMethod.Patch, "/v1/channels/nowhere", """{"paused":false}""");

        Assert.Equal("up", resumed.GetProperty("state").GetString());
        await server.UntilAsync($"/v1/messages/{id}", m => m.GetProperty("status").GetString() == "sent");
    }

    [Fact]
    public async Task Limits_by_sender_are_set_shown_with_what_is_left_and_taken_away()
    {
        await using var server = await ServerFixture.StartAsync();
        const string Limits = """{"limits":[{"name":"brand","senders":["12345","ACME"],"per_day":5,"time_zone":"America/New_York"},{"name":"each","rate":2.5}]}""";

        var changed = await server.CallAsync(HttpMethod.Patch, "/v1/channels/nowhere", Limits);

        var brand = changed.GetProperty("limits")[0];
        Assert.Equal(["12345", "ACME"], brand.GetProperty("senders").EnumerateArray().Select(s => s.GetString()!));
        Assert.Equal(("America/New_York", 5, 0), (brand.GetProperty("time_zone").GetString(), brand.GetProperty("buckets")[0].GetProperty("left").GetInt32(), brand.GetProperty("buckets")[0].GetProperty("used").GetInt32()));
        Assert.True(brand.GetProperty("buckets")[0].GetProperty("resets_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
        Assert.Equal((2.5, JsonValueKind.Null), (changed.GetProperty("limits")[1].GetProperty("rate").GetDouble(), changed.GetProperty("limits")[1].GetProperty("senders").ValueKind));
        Assert.Contains("\"PerDay\":5,\"TimeZone\":\"America/New_York\"", server.Settings.Channels.List().Single().SettingsJson, StringComparison.Ordinal);

        await server.CallAsync(HttpMethod.Patch, "/v1/channels/nowhere", """{"limits":null}""");
        Assert.Equal(0, (await server.GetAsync("/v1/channels/nowhere")).GetProperty("limits").GetArrayLength());
        foreach (var (wrong, field) in ((string, string)[])[
            ("""{"name":"a"}""", "limits:0:rate"), ("""{"name":"a","rate":1,"time_zone":"Mars"}""", "limits:0:time_zone"),
            ("""{"name":"a","rate":1,"senders":["no such @ sender"]}""", "limits:0:senders"), ("""{"name":"a","rate":1},{"name":"a","rate":2}""", "limits:1:name"),
            ("""{"name":"a","per_day":0}""", "limits:0:per_day"), ("""{"name":"a","rate":1,"per_hour":2}""", "limits:0:per_hour")])
        {
            var answer = await server.Client.PatchAsync("/v1/channels/nowhere", ServerFixture.Json($$"""{"limits":[{{wrong}}]}"""));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{", 400, "malformed_json", null)]
    [InlineData("[]", 422, "wrong_type", null)]
    [InlineData("{\"kind\":\"discard\"}", 422, "missing_field", "name")]
    [InlineData("{\"name\":\"a b\",\"kind\":\"discard\"}", 422, "invalid_value", "name")]
    [InlineData("{\"name\":\"a\",\"kind\":\"pigeon\"}", 422, "invalid_value", "kind")]
    [InlineData("{\"name\":\"a\",\"kind\":\"smpp\",\"host\":\"h\"}", 422, "missing_field", "system_id")]
    [InlineData("{\"name\":\"a\",\"kind\":\"discard\",\"rate\":0}", 422, "invalid_value", "rate")]
    [InlineData("{\"name\":\"a\",\"kind\":\"discard\",\"rat\":1}", 422, "unknown_field", "rat")]
    [InlineData("{\"name\":\"a\",\"kind\":\"discard\",\"prefixes\":[\"046\"]}", 422, "invalid_value", "prefixes")]
    [InlineData("{\"name\":\"nowhere\",\"kind\":\"discard\"}", 409, "name_taken", "name")]
    public async Task Wrong_channels_are_not_added(string body, int status, string code, string? field)
    {
        await using var server = await ServerFixture.StartAsync();

        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/channels", ServerFixture.Json(body)), (HttpStatusCode)status, code, field);
        Assert.Single(server.Channels.All);
    }

    [Fact]
    public async Task All_mistakes_are_told_and_a_wrong_change_changes_nothing()
    {
        await using var server = await ServerFixture.StartAsync();

        var problem = await ServerFixture.ProblemAsync(
            await server.Client.PatchAsync("/v1/channels/nowhere", ServerFixture.Json("""{"rate":-1,"bucket":"soon","max_parts":300}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "rate");

        Assert.Equal(["rate", "bucket", "max_parts"], problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()!));
        Assert.Equal(JsonValueKind.Null, (await server.GetAsync("/v1/channels/nowhere")).GetProperty("rate").ValueKind);
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/channels/nowhere", ServerFixture.Json("""{"kind":"smpp"}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "kind");
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/channels/gone", ServerFixture.Json("{}")), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync("/v1/channels/gone"), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_channel_too_many_on_a_route_is_refused_before_it_is_kept()
    {
        await using var server = await ServerFixture.StartAsync();
        for (var i = 1; i < 32; i++)
        {
            await server.CallAsync(HttpMethod.Post, "/v1/channels", $$"""{"name":"c{{i}}","kind":"discard"}""", HttpStatusCode.Created);
        }

        await server.CallAsync(HttpMethod.Post, "/v1/channels", """{"name":"sweden","kind":"discard","prefixes":["46"]}""", HttpStatusCode.Created);
        var before = server.Settings.Channels.List();
        var problem = await ServerFixture.ProblemAsync(
            await server.Client.PostAsync("/v1/channels", ServerFixture.Json("""{"name":"more","kind":"discard"}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "prefixes");
        Assert.Contains("at most 32", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await ServerFixture.ProblemAsync(
            await server.Client.PatchAsync("/v1/channels/sweden", ServerFixture.Json("""{"prefixes":null}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "prefixes");
        Assert.Equal(before, server.Settings.Channels.List());
        await server.UntilAsync($"/v1/messages/{await server.AcceptAsync()}", m => m.GetProperty("channel").GetString() == "sweden");
    }

    [Fact]
    public async Task A_password_longer_in_octets_than_a_bind_takes_is_refused_before_it_is_kept()
    {
        await using var server = await ServerFixture.StartAsync();
        var body = Carrier.Replace("geheim", new string('é', 64), StringComparison.Ordinal);
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/channels", ServerFixture.Json(body)), HttpStatusCode.UnprocessableEntity, "invalid_value", "password");
        Assert.Single(server.Settings.Channels.List());
    }

    [Fact]
    public async Task A_channel_that_is_kept_and_does_not_run_can_be_mended_or_removed()
    {
        await using var server = await ServerFixture.StartAsync();
        server.Settings.Channels.Add("lost", "discard", """{"Name":"lost","Kind":"discard","Prefixes":["46"]}""", "test");
        server.Settings.Channels.Add("gone", "discard", """{"Name":"gone","Kind":"discard"}""", "test");
        var mended = await server.CallAsync(HttpMethod.Patch, "/v1/channels/lost", """{"prefixes":["47"]}""");
        Assert.Equal("up", mended.GetProperty("state").GetString());
        await server.CallAsync(HttpMethod.Delete, "/v1/channels/gone", null, HttpStatusCode.NoContent);
        Assert.Equal(["lost", "nowhere"], server.Settings.Channels.List().Select(c => c.Name).Order());
    }

    [Fact]
    public async Task A_test_sends_a_real_text_and_tells_in_words()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, "/v1/channels", Carrier, HttpStatusCode.Created);

        var works = await server.CallAsync(HttpMethod.Post, "/v1/channels/nowhere/test", """{"to":"+46701234567"}""");
        var fails = await server.CallAsync(HttpMethod.Post, "/v1/channels/a/test", null);

        Assert.True(works.GetProperty("ok").GetBoolean());
        Assert.Equal("sent", works.GetProperty("status").GetString());
        Assert.False(fails.GetProperty("ok").GetBoolean());
        Assert.Contains("refused", fails.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["bind 1", "bind 2"], fails.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()!));
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/channels/nowhere/test", ServerFixture.Json("""{"to":"07"}""")), HttpStatusCode.UnprocessableEntity, "invalid_number", "to");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/channels/nowhere/test", ServerFixture.Json("""{"text":"x"}""")), HttpStatusCode.UnprocessableEntity, "missing_field", "to");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/channels/gone/test", null), HttpStatusCode.NotFound, "not_found");
    }
}
