using System.Net;
using System.Text.Json;

namespace Strowger.Server.Tests.Http;

/// <summary>Webhooks and alarms at the HTTP door.</summary>
public sealed class NotificationTests
{
    [Fact]
    public async Task A_webhook_is_added_shown_changed_rotated_and_removed_and_its_secret_seen_when_made_only()
    {
        await using var server = await ServerFixture.StartAsync();

        var added = await server.CallAsync(HttpMethod.Post, "/v1/webhooks", """{"url":"https://example.com/in","types":["message.*","alarm.raised"],"description":"shop"}""", HttpStatusCode.Created);

        var (id, secret) = (added.GetProperty("id").GetString()!, added.GetProperty("secret").GetString()!);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret[6..]).Length);
        Assert.DoesNotContain("secret\"", (await server.GetAsync("/v1/webhooks")).GetRawText(), StringComparison.Ordinal);
        var changed = await server.CallAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", """{"enabled":false,"url":"https://example.org/"}""");
        Assert.Equal(("https://example.org/", "shop", false), (changed.GetProperty("url").GetString(), changed.GetProperty("description").GetString(), changed.GetProperty("enabled").GetBoolean()));
        var rotated = await server.CallAsync(HttpMethod.Post, $"/v1/webhooks/{id}/rotate", null);
        Assert.NotEqual(secret, rotated.GetProperty("secret").GetString());
        Assert.Equal(JsonValueKind.String, rotated.GetProperty("old_secret_until").ValueKind);
        await server.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{id}", null, HttpStatusCode.NoContent);
        await ServerFixture.ProblemAsync(await server.Client.GetAsync($"/v1/webhooks/{id}"), HttpStatusCode.NotFound, "not_found");
        var audit = server.Settings.Audit.List(10);
        Assert.Equal(["webhook.remove", "webhook.rotate", "webhook.change", "webhook.add"], audit.Where(e => e.Action.StartsWith("webhook", StringComparison.Ordinal)).Select(e => e.Action));
        Assert.All(audit, entry => Assert.DoesNotContain("whsec_", entry.Before + entry.After, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", "missing_field", "url")]
    [InlineData("""{"url":"ftp://example.com/"}""", "invalid_url", "url")]
    [InlineData("""{"url":"https://me:secret@example.com/"}""", "invalid_url", "url")]
    [InlineData("""{"url":"https://example.com/","types":["message.read"]}""", "invalid_value", "types")]
    [InlineData("""{"url":"https://example.com/","types":[]}""", "invalid_value", "types")]
    [InlineData("""{"url":"https://example.com/","kind":"x"}""", "unknown_field", "kind")]
    public async Task Wrong_webhooks_are_not_added(string body, string code, string field)
    {
        await using var server = await ServerFixture.StartAsync();

        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/webhooks", ServerFixture.Json(body)), HttpStatusCode.UnprocessableEntity, code, field);
    }

    [Fact]
    public async Task An_event_that_cannot_be_posted_is_in_the_log_with_its_reason_and_can_be_replayed()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = (await server.CallAsync(HttpMethod.Post, "/v1/webhooks", """{"url":"http://127.0.0.1:9/","types":["message.sent"]}""", HttpStatusCode.Created)).GetProperty("id").GetString();

        var message = await server.AcceptAsync();

        var page = await server.UntilAsync($"/v1/webhooks/deliveries?webhook={id}&state=failed", p => p.GetProperty("data").GetArrayLength() == 1);
        var row = page.GetProperty("data")[0];
        Assert.Equal(("message.sent", message, "private_address"), (row.GetProperty("type").GetString(), row.GetProperty("subject").GetString(), row.GetProperty("reason").GetString()));
        await server.CallAsync(HttpMethod.Post, $"/v1/webhooks/deliveries/{row.GetProperty("id").GetString()}/replay", null, HttpStatusCode.Accepted);
        await server.UntilAsync($"/v1/webhooks/deliveries?state=failed", p => p.GetProperty("data").GetArrayLength() == 2);
        var replayed = await server.CallAsync(HttpMethod.Post, "/v1/webhooks/replay", """{"since":"2020-01-01T00:00:00Z"}""", HttpStatusCode.Accepted);
        Assert.Equal(2, replayed.GetProperty("replayed").GetInt32());
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/webhooks/deliveries/dl_999/replay", null), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/webhooks/replay", ServerFixture.Json("{}")), HttpStatusCode.UnprocessableEntity, "missing_field", "since");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/webhooks/deliveries?state=lost"), HttpStatusCode.UnprocessableEntity, "invalid_parameter", "state");
    }

    [Fact]
    public async Task An_alarm_is_listed_and_acknowledged_by_key_and_by_its_link_only_when_the_button_is_pressed()
    {
        await using var server = await ServerFixture.StartAsync();
        var raised = await server.CallAsync(HttpMethod.Post, "/v1/alarms/test", null, HttpStatusCode.Accepted);
        var id = raised.GetProperty("id").GetInt64();
        using var stranger = server.NewClient();
        var link = server.Alarms.LinkOf(server.Alarms.Book.Find(id)!)!;

        using (var shown = await stranger.GetAsync(link))
        {
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
            Assert.Contains("<button>", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("raised", (await server.GetAsync($"/v1/alarms/{id}")).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync(link[..^1] + (link[^1] == '0' ? '1' : '0'), null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.PostAsync(link, null)).StatusCode);
        Assert.Equal(("cleared", "link in a mail"), ((await server.GetAsync($"/v1/alarms/{id}")).GetProperty("state").GetString(), (await server.GetAsync($"/v1/alarms/{id}")).GetProperty("acknowledged_by").GetString()));
        Assert.Empty((await server.GetAsync("/v1/alarms?state=open")).GetProperty("data").EnumerateArray());
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/alarms/999/acknowledge", null), HttpStatusCode.NotFound, "not_found");
        Assert.Contains(server.Settings.Audit.List(5), entry => entry is { Action: "alarm.acknowledge", Who: "link in a mail" });
    }

    [Fact]
    public async Task Rules_and_mutes_are_changed_live_checked_and_audited()
    {
        await using var server = await ServerFixture.StartAsync();

        var changed = await server.CallAsync(HttpMethod.Patch, "/v1/alarms/rules/eta", """{"after":"10s","limit":60}""");

        Assert.Equal(("10s", 60), (changed.GetProperty("after").GetString(), changed.GetProperty("limit").GetDouble()));
        Assert.Equal(7, (await server.GetAsync("/v1/alarms/rules")).GetProperty("data").GetArrayLength());
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/alarms/rules/eta", ServerFixture.Json("""{"limit":-1}""")), HttpStatusCode.UnprocessableEntity, "out_of_range", "limit");
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/alarms/rules/bind_down", ServerFixture.Json("""{"after":"soon"}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "after");
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/alarms/rules/rain", ServerFixture.Json("{}")), HttpStatusCode.NotFound, "not_found");

        var until = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        var mute = await server.CallAsync(HttpMethod.Post, "/v1/alarms/mutes", $$"""{"until":"{{until}}","rule":"bind_down","subject":"a","reason":"carrier works on it"}""", HttpStatusCode.Created);
        Assert.Single((await server.GetAsync("/v1/alarms/mutes")).GetProperty("data").EnumerateArray());
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/alarms/mutes", ServerFixture.Json("""{"until":"2020-01-01T00:00:00Z"}""")), HttpStatusCode.UnprocessableEntity, "out_of_range", "until");
        await server.CallAsync(HttpMethod.Delete, $"/v1/alarms/mutes/{mute.GetProperty("id").GetString()}", null, HttpStatusCode.NoContent);
        Assert.Contains(server.Settings.Audit.List(10), entry => entry is { Action: "setting.change", Subject: "alarm-rules" });
    }
}
