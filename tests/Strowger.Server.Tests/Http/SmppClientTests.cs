using System.Net;
using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Server.Configuration;

namespace Strowger.Server.Tests.Http;

/// <summary>Who may bind to the SMPP door, by the API.</summary>
public sealed class SmppClientTests
{
    private const string Path = "/v1/smpp/clients";
    private const string Shop = """{"system_id":"shop","password":"geheim","rate":20,"allow":["127.0.0.1"],"numbers":["72001"]}""";

    [Fact]
    public async Task A_client_is_added_shown_changed_and_removed_and_its_password_is_kept_as_a_hash()
    {
        await using var server = await ServerFixture.StartAsync();

        var added = await server.CallAsync(HttpMethod.Post, Path, Shop, HttpStatusCode.Created);

        Assert.Equal(("shop", false, 20.0, 4), (added.GetProperty("system_id").GetString(), added.GetProperty("bound").GetBoolean(), added.GetProperty("rate").GetDouble(), added.GetProperty("max_binds").GetInt32()));
        Assert.Equal("127.0.0.1/32", added.GetProperty("allow")[0].GetString());
        Assert.Equal(JsonValueKind.Null, added.GetProperty("last_refusal").ValueKind);
        var kept = server.Settings.SmppClients.List().Single();
        Assert.DoesNotContain("geheim", kept.SettingsJson, StringComparison.Ordinal);
        Assert.Contains("\"PasswordHash\":\"pbkdf2-sha256$", kept.SettingsJson, StringComparison.Ordinal);
        Assert.DoesNotContain("pbkdf2", added.GetRawText(), StringComparison.Ordinal);

        var changed = await server.CallAsync(HttpMethod.Patch, Path + "/shop", """{"rate":null,"window":7,"priority":"bulk","numbers":null,"password":"anders"}""");
        Assert.Equal((JsonValueKind.Null, 7, "bulk", 0), (changed.GetProperty("rate").ValueKind, changed.GetProperty("window").GetInt32(), changed.GetProperty("priority").GetString(), changed.GetProperty("numbers").GetArrayLength()));
        Assert.NotEqual(kept.SettingsJson, server.Settings.SmppClients.List().Single().SettingsJson);
        await server.CallAsync(HttpMethod.Post, Path, """{"system_id":"b","password":"x"}""", HttpStatusCode.Created);
        Assert.Equal("b", (await server.GetAsync($"{Path}?limit=1&cursor=shop")).GetProperty("data")[0].GetProperty("system_id").GetString());

        await server.CallAsync(HttpMethod.Delete, Path + "/shop", null, HttpStatusCode.NoContent);
        await ServerFixture.ProblemAsync(await server.Client.GetAsync(Path + "/shop"), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync(Path + "/shop"), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync(Path + "/shop", ServerFixture.Json("{}")), HttpStatusCode.NotFound, "not_found");
        var audit = server.Settings.Audit.List(4);
        Assert.Equal(["smpp_client.remove", "smpp_client.add", "smpp_client.change", "smpp_client.add"], audit.Select(entry => entry.Action));
        Assert.All(audit, entry => Assert.DoesNotContain("pbkdf2", entry.Before + entry.After, StringComparison.Ordinal));
        Assert.Contains("\"PasswordHash\":\"*** (another)\"", audit[2].After, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 400, "malformed_json", null)]
    [InlineData("[]", 422, "wrong_type", null)]
    [InlineData("{\"password\":\"x\"}", 422, "missing_field", "system_id")]
    [InlineData("{\"system_id\":\"a\"}", 422, "missing_field", "password")]
    [InlineData("{\"system_id\":\"<b>\",\"password\":\"x\"}", 422, "invalid_value", "system_id")]
    [InlineData("{\"system_id\":\"a\",\"password\":\"x\",\"binds\":65}", 422, "invalid_value", "binds")]
    [InlineData("{\"system_id\":\"a\",\"password\":\"x\",\"allow\":[\"here\"]}", 422, "invalid_value", "allow")]
    [InlineData("{\"system_id\":\"a\",\"password_hash\":\"x\",\"password\":\"x\"}", 422, "unknown_field", "password_hash")]
    [InlineData("{\"system_id\":\"a\",\"password\":\"x\",\"numbers\":[\"72001\"]}", 422, "invalid_value", "numbers")]
    [InlineData("{\"system_id\":\"shop\",\"password\":\"x\"}", 409, "name_taken", "system_id")]
    public async Task Wrong_clients_are_not_added(string body, int status, string code, string? field)
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, Path, Shop, HttpStatusCode.Created);

        await ServerFixture.ProblemAsync(await server.Client.PostAsync(Path, ServerFixture.Json(body)), (HttpStatusCode)status, code, field);

        Assert.Single(server.Door.Clients);
        Assert.Single(server.Settings.SmppClients.List());
    }

    [Fact]
    public async Task A_wrong_change_changes_nothing_and_rights_are_those_of_channels()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, Path, Shop, HttpStatusCode.Created);
        var kept = server.Settings.SmppClients.List().Single().SettingsJson;

        await ServerFixture.ProblemAsync(await server.Client.PatchAsync(Path + "/shop", ServerFixture.Json("""{"rate":0}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "rate");
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync(Path + "/shop", ServerFixture.Json("""{"system_id":"other"}""")), HttpStatusCode.UnprocessableEntity, "invalid_value", "system_id");
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync(Path + "/shop", ServerFixture.Json("""{"PasswordHash":"x"}""")), HttpStatusCode.UnprocessableEntity, "unknown_field", "PasswordHash");
        await server.CallAsync(HttpMethod.Patch, Path + "/shop", """{"system_id":"shop"}""");
        Assert.Equal(kept, server.Settings.SmppClients.List().Single().SettingsJson);

        var secret = (await server.CallAsync(HttpMethod.Post, "/v1/keys", $$"""{"name":"reader","rights":["{{Rights.ChannelsRead}}"]}""", HttpStatusCode.Created)).GetProperty("secret").GetString();
        using var reader = server.NewClient(secret);
        await ServerFixture.ReadAsync(await reader.GetAsync(Path + "/shop"), HttpStatusCode.OK);
        await ServerFixture.ProblemAsync(await reader.PostAsync(Path, ServerFixture.Json(Shop)), HttpStatusCode.Forbidden, "forbidden");
        await ServerFixture.ProblemAsync(await reader.PatchAsync(Path + "/shop", ServerFixture.Json("{}")), HttpStatusCode.Forbidden, "forbidden");
        await ServerFixture.ProblemAsync(await reader.DeleteAsync(Path + "/shop"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task What_is_exported_can_be_read_again_with_the_same_password()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, Path, Shop, HttpStatusCode.Created);
        var record = server.Settings.SmppClients.List().Single();

        var client = SmppClientJson.Parse(System.Text.Encoding.UTF8.GetBytes(record.SettingsJson), "test", isKept: true, out var problems)!;

        Assert.Empty(problems);
        Assert.Contains("\"SystemId\": \"shop\"", SettingsJson.Export([], [client]), StringComparison.Ordinal);
        Assert.Equal(record.SettingsJson, SmppClientJson.ToText(client));
    }
}
