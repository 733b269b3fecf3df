using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Strowger.Server.Tests.Http;

public sealed class GateTests
{
    [Fact]
    public async Task Without_a_key_with_a_wrong_one_and_without_the_right_nothing_is_done()
    {
        await using var server = await ServerFixture.StartAsync();
        using var stranger = server.NewClient();
        using var wrong = server.NewClient("sk_wrong");
        using var basic = server.NewClient();
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "dTpw");
        var secret = (await server.CallAsync(HttpMethod.Post, "/v1/keys", """{"name":"reader","rights":["messages:read"]}""", HttpStatusCode.Created)).GetProperty("secret").GetString();
        using var reader = server.NewClient(secret);

        using var missing = await stranger.PostAsync("/v1/messages", ServerFixture.Json(ServerFixture.Message()));
        await ServerFixture.ProblemAsync(missing, HttpStatusCode.Unauthorized, "missing_key");
        Assert.Equal("Bearer", missing.Headers.WwwAuthenticate.Single().Scheme);
        await ServerFixture.ProblemAsync(await wrong.GetAsync("/v1/messages"), HttpStatusCode.Unauthorized, "wrong_key");
        await ServerFixture.ProblemAsync(await basic.GetAsync("/v1/messages"), HttpStatusCode.Unauthorized, "wrong_key");
        await ServerFixture.ReadAsync(await reader.GetAsync("/v1/messages"), HttpStatusCode.OK);
        await ServerFixture.ProblemAsync(await reader.PostAsync("/v1/messages", ServerFixture.Json(ServerFixture.Message())), HttpStatusCode.Forbidden, "forbidden");
        await ServerFixture.ProblemAsync(await reader.PostAsync("/v1/messages/batch", ServerFixture.Lines(ServerFixture.Message())), HttpStatusCode.Forbidden, "forbidden");
        await ServerFixture.ProblemAsync(await reader.GetAsync("/v1/keys"), HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(0, server.Engine.LastId.Value);
    }

    [Fact]
    public async Task Guessing_is_held_back_and_the_right_key_is_not()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.GetAsync("/v1/queues");
        using var guesser = server.NewClient("sk_guess");
        HttpResponseMessage last;
        do
        {
            last = await guesser.GetAsync("/v1/queues");
        }
        while (last.StatusCode == HttpStatusCode.Unauthorized);

        await ServerFixture.ProblemAsync(last, HttpStatusCode.TooManyRequests, "too_many_failures");
        Assert.NotNull(last.Headers.RetryAfter);
        await server.GetAsync("/v1/queues");
    }

    [Fact]
    public async Task A_keys_rate_is_held()
    {
        await using var server = await ServerFixture.StartAsync();
        var secret = (await server.CallAsync(HttpMethod.Post, "/v1/keys", """{"name":"slow","rate":1}""", HttpStatusCode.Created)).GetProperty("secret").GetString();
        using var slow = server.NewClient(secret);

        await ServerFixture.ReadAsync(await slow.GetAsync("/v1/queues"), HttpStatusCode.OK);
        using var over = await slow.GetAsync("/v1/queues");

        await ServerFixture.ProblemAsync(over, HttpStatusCode.TooManyRequests, "over_limit");
        Assert.NotNull(over.Headers.RetryAfter);
    }

    [Fact]
    public async Task Over_the_control_socket_our_own_user_needs_no_key_unless_a_proxy_speaks()
    {
        await using var server = await ServerFixture.StartAsync();
        using var local = server.NewLocalClient();
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/v1/keys");
        forwarded.Headers.Add("X-Forwarded-For", "198.51.100.7");

        await ServerFixture.ReadAsync(await local.PostAsync("/v1/messages", ServerFixture.Json(ServerFixture.Message())), HttpStatusCode.Accepted);
        await ServerFixture.ReadAsync(await local.PostAsync("/v1/keys", ServerFixture.Json("""{"name":"made here"}""")), HttpStatusCode.Created);
        await ServerFixture.ProblemAsync(await local.SendAsync(forwarded), HttpStatusCode.Unauthorized, "missing_key");
        Assert.Equal("local", server.Settings.Audit.List(1)[0].Who);
    }

    [Fact]
    public async Task Keys_are_made_listed_and_removed_and_give_only_what_their_maker_has()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await server.CallAsync(HttpMethod.Post, "/v1/keys", """{"name":"shop","rights":["messages:write","keys:write"],"rate":50,"expires_at":"2098-01-01T00:00:00Z"}""", HttpStatusCode.Created);
        using var shop = server.NewClient(made.GetProperty("secret").GetString());

        Assert.StartsWith("sk_", made.GetProperty("secret").GetString(), StringComparison.Ordinal);
        var listed = (await server.GetAsync("/v1/keys")).GetProperty("data")[0];
        Assert.Equal("shop", listed.GetProperty("name").GetString());
        Assert.Equal(50, listed.GetProperty("rate").GetDouble());
        Assert.Equal("2098-01-01T00:00:00.000Z", listed.GetProperty("expires_at").GetString());
        Assert.False(listed.TryGetProperty("secret", out _) || listed.TryGetProperty("signing_secret", out _));
        var rotated = await server.CallAsync(HttpMethod.Post, "/v1/keys/shop/rotate-secret", null);
        Assert.StartsWith("whsec_", made.GetProperty("signing_secret").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(made.GetProperty("signing_secret").GetString(), rotated.GetProperty("signing_secret").GetString());
        Assert.Equal((true, JsonValueKind.String), (rotated.GetProperty("has_signing_secret").GetBoolean(), rotated.GetProperty("old_signing_secret_until").ValueKind));
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/keys/nobody/rotate-secret", null), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await shop.PostAsync("/v1/keys", ServerFixture.Json("""{"name":"more"}""")), HttpStatusCode.Forbidden, "forbidden", "rights");
        await ServerFixture.ReadAsync(await shop.PostAsync("/v1/keys", ServerFixture.Json("""{"name":"same","rights":["messages:write"]}""")), HttpStatusCode.Created);

        await ServerFixture.ReadAsync(await server.Client.DeleteAsync("/v1/keys/shop"), HttpStatusCode.NoContent);
        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync("/v1/keys/shop"), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await shop.GetAsync("/v1/keys"), HttpStatusCode.Unauthorized, "wrong_key");
        var audit = (await server.GetAsync("/v1/audit?limit=2")).GetProperty("data");
        Assert.Equal(("admin", "key.remove", "shop"), (audit[0].GetProperty("who").GetString(), audit[0].GetProperty("action").GetString(), audit[0].GetProperty("subject").GetString()));
        Assert.Equal("shop", audit[1].GetProperty("who").GetString());
    }

    [Theory]
    [InlineData("{", 400, "malformed_json", null)]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", 400, "malformed_json", null)]
    [InlineData("[]", 422, "wrong_type", null)]
    [InlineData("{}", 422, "missing_field", "name")]
    [InlineData("{\"name\":1}", 422, "wrong_type", "name")]
    [InlineData("{\"name\":\"\\ud800\"}", 422, "wrong_type", "name")]
    [InlineData("{\"name\":\"a\",\"right\":[]}", 422, "unknown_field", "right")]
    [InlineData("{\"name\":\"a\",\"rights\":[\"fly\"]}", 422, "invalid_value", "rights")]
    [InlineData("{\"name\":\"a\",\"rights\":[]}", 422, "invalid_value", "rights")]
    [InlineData("{\"name\":\"a\",\"rights\":\"*\"}", 422, "wrong_type", "rights")]
    [InlineData("{\"name\":\"a\",\"rate\":0}", 422, "out_of_range", "rate")]
    [InlineData("{\"name\":\"a\",\"rate\":\"1\"}", 422, "wrong_type", "rate")]
    [InlineData("{\"name\":\"a\",\"expires_at\":\"2001-01-01T00:00:00Z\"}", 422, "out_of_range", "expires_at")]
    [InlineData("{\"name\":\"a\",\"expires_at\":\"2098-01-01\"}", 422, "invalid_time", "expires_at")]
    [InlineData("{\"name\":\"taken\"}", 409, "name_taken", "name")]
    public async Task Wrong_keys_are_not_made(string body, int status, string code, string? field)
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, "/v1/keys", """{"name":"taken"}""", HttpStatusCode.Created);

        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/keys", ServerFixture.Json(body)), (HttpStatusCode)status, code, field);
        Assert.Equal(1, (await server.GetAsync("/v1/keys")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_login_link_is_for_who_may_do_everything()
    {
        await using var server = await ServerFixture.StartAsync();
        var secret = (await server.CallAsync(HttpMethod.Post, "/v1/keys", """{"name":"k","rights":["keys:write"]}""", HttpStatusCode.Created)).GetProperty("secret").GetString();
        using var limited = server.NewClient(secret);

        var login = await server.CallAsync(HttpMethod.Post, "/v1/logins", null, HttpStatusCode.Created);

        Assert.StartsWith(server.Address + "login?token=", login.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, login.GetProperty("expires_at").ValueKind);
        await ServerFixture.ProblemAsync(await limited.PostAsync("/v1/logins", null), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Lists_of_the_audit_go_on_page_by_page()
    {
        await using var server = await ServerFixture.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await server.CallAsync(HttpMethod.Post, "/v1/keys", $$"""{"name":"k{{i}}"}""", HttpStatusCode.Created);
        }

        var seen = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await server.GetAsync($"/v1/keys?limit=2{(cursor.Length == 0 ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(key => key.GetProperty("name").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(["k0", "k1", "k2", "k3", "k4"], seen);
        var audit = await server.GetAsync("/v1/audit?limit=3");
        var rest = await server.GetAsync($"/v1/audit?limit=100&cursor={audit.GetProperty("next_cursor").GetString()}");
        Assert.True(rest.GetProperty("data")[0].GetProperty("id").GetInt64() < audit.GetProperty("data")[2].GetProperty("id").GetInt64());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next_cursor").ValueKind);
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/audit?cursor=x"), HttpStatusCode.UnprocessableEntity, "invalid_parameter", "cursor");
    }
}
