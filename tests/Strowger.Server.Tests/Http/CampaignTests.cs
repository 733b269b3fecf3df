using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Limits;

namespace Strowger.Server.Tests.Http;

public sealed class CampaignTests
{
    private const string Csv = "to,name,reference\n+46701234567,Ann,r1\n12,Bob,r2\n+46701234568,\"Eve, the\",=r3\n";
    private const string Fields = """{"name":"May","from":"12345","text":"Hello {name}"}""";

    [Fact]
    public async Task A_file_becomes_texts_that_are_listed_counted_and_told_as_csv()
    {
        await using var server = await ServerFixture.StartAsync();

        var made = await ServerFixture.ReadAsync(await PostAsync(server), HttpStatusCode.Accepted);

        var id = made.GetProperty("id").GetString()!;
        Assert.StartsWith("cmp_", id, StringComparison.Ordinal);
        Assert.Equal((3, 1, 2), (made.GetProperty("rows").GetInt32(), made.GetProperty("bad_rows").GetInt32(), made.GetProperty("parts").GetInt32()));
        Assert.Equal(3, made.GetProperty("rejected")[0].GetProperty("line").GetInt32());
        Assert.Equal("invalid_number", made.GetProperty("rejected")[0].GetProperty("code").GetString());
        Assert.Equal("Hello Ann", made.GetProperty("examples")[0].GetProperty("text").GetString());

        var done = await server.UntilAsync("/v1/campaigns/" + id, c => c.GetProperty("state").GetString() == "done" && c.GetProperty("progress").GetProperty("gone").GetInt32() == 2);
        Assert.Equal(100, done.GetProperty("progress").GetProperty("percent").GetDouble());
        Assert.Equal(2, done.GetProperty("progress").GetProperty("by_status").GetProperty("sent").GetInt32());
        var texts = await server.GetAsync("/v1/messages?campaign=" + id);
        Assert.Equal(["+46701234568", "+46701234567"], texts.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("to").GetString()!));

        var list = await server.GetAsync("/v1/campaigns?limit=1");
        Assert.Equal(id, list.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, list.GetProperty("next_cursor").ValueKind);

        var csv = await server.Client.GetStringAsync($"/v1/campaigns/{id}/results");
        var lines = csv.Split("\r\n");
        Assert.Equal("line,id,to,status,segments,channel,reference,accepted_at,sent_at,final_at,error", lines[0]);
        Assert.Matches("^,msg_[0-9a-z]{13},\\+46701234567,sent,1,nowhere,r1,20", lines[1]);
        Assert.Contains(",\"'=r3\",", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("3,,,rejected,", lines[3], StringComparison.Ordinal);
        Assert.Equal(["campaign.created", "campaign.done"], await FactsAsync(server, id, "campaign.done"));
    }

    [Fact]
    public async Task A_preview_says_what_it_comes_to_and_sends_nothing()
    {
        await using var server = await ServerFixture.StartAsync();

        var preview = await ServerFixture.ReadAsync(await PostAsync(server, text: new string('å', 200) + "{name}я", query: "?dry_run=1"), HttpStatusCode.OK);

        Assert.Equal(JsonValueKind.Null, preview.GetProperty("id").ValueKind);
        Assert.Equal((2, 1), (preview.GetProperty("good_rows").GetInt32(), preview.GetProperty("bad_rows").GetInt32()));
        Assert.Equal(8, preview.GetProperty("parts").GetInt32());
        Assert.Equal(4, preview.GetProperty("most_segments").GetInt32());
        Assert.Equal(2, preview.GetProperty("encodings").GetProperty("ucs2").GetInt32());
        Assert.Equal("nowhere", preview.GetProperty("channels")[0].GetProperty("channel").GetString());
        Assert.NotEqual(JsonValueKind.Null, preview.GetProperty("eta").ValueKind);
        Assert.Empty((await server.GetAsync("/v1/campaigns")).GetProperty("data").EnumerateArray());
        Assert.Equal(0, server.Engine.LastId.Value);
        await NoPartsAsync(server);
    }

    [Fact]
    public async Task A_preview_knows_the_limits_of_its_sender_and_what_no_day_of_it_holds_is_refused()
    {
        await using var server = await ServerFixture.StartAsync();
        Assert.True(await server.Channels.ChangeAsync(new ChannelSettings { Name = "nowhere", Kind = "discard", Limits = [new SenderLimit { Name = "each", PerDay = 2, TimeZone = Noon() }] }));

        // Two good rows of one part leave today, of two parts one today and one tomorrow: 4 parts, 2 a day.
        var today = await ServerFixture.ReadAsync(await PostAsync(server, query: "?dry_run=1"), HttpStatusCode.OK);
        var tomorrow = await ServerFixture.ReadAsync(await PostAsync(server, text: new string('x', 200), query: "?dry_run=1"), HttpStatusCode.OK);
        var never = await PostAsync(server, text: new string('x', 400), query: "?dry_run=1");

        Assert.InRange(HoursUntil(today), -1, 1);
        Assert.InRange(HoursUntil(tomorrow), 10, 13);
        var problem = await ServerFixture.ProblemAsync(never, HttpStatusCode.UnprocessableEntity, "nothing_to_send", "file");
        Assert.Contains("by the limit 'each' its sender may send 2 a day", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        static double HoursUntil(JsonElement preview) => (preview.GetProperty("eta").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalHours;
    }

    /// <summary>A zone where it is about noon: no day ends while a test runs.</summary>
    internal static string Noon()
    {
        var ahead = 12 - TimeProvider.System.GetUtcNow().Hour;
        return "Etc/GMT" + (ahead > 0 ? $"-{ahead}" : ahead < 0 ? $"+{-ahead}" : "");
    }

    [Fact]
    public async Task Held_resumed_and_ended_from_outside()
    {
        await using var server = await ServerFixture.StartAsync();
        server.Channels.Find("nowhere")!.Stage.Pause();
        var id = (await ServerFixture.ReadAsync(await PostAsync(server), HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
        var path = "/v1/campaigns/" + id;
        await server.UntilAsync(path, c => c.GetProperty("progress").GetProperty("queued_parts").GetInt32() == 2);

        Assert.Equal("paused", (await server.CallAsync(HttpMethod.Post, path + "/pause", null)).GetProperty("state").GetString());
        Assert.Equal("paused", (await server.CallAsync(HttpMethod.Post, path + "/pause", null)).GetProperty("state").GetString());
        Assert.Equal("running", (await server.CallAsync(HttpMethod.Post, path + "/resume", null)).GetProperty("state").GetString());
        server.Channels.Find("nowhere")!.Stage.Resume();
        await server.UntilAsync(path, c => c.GetProperty("state").GetString() == "done");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync(path + "/cancel", null), HttpStatusCode.Conflict, "not_possible_now");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/campaigns/cmp_0000000000009/pause", null), HttpStatusCode.NotFound, "not_found");

        server.Channels.Find("nowhere")!.Stage.Pause();
        var other = "/v1/campaigns/" + (await ServerFixture.ReadAsync(await PostAsync(server), HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
        await server.UntilAsync(other, c => c.GetProperty("progress").GetProperty("queued_parts").GetInt32() == 2);
        await server.CallAsync(HttpMethod.Post, other + "/cancel", null);
        var ended = await server.UntilAsync(other, c => c.GetProperty("state").GetString() == "cancelled" && c.GetProperty("progress").GetProperty("by_status").TryGetProperty("cancelled", out var n) && n.GetInt32() == 2);
        Assert.NotEqual(JsonValueKind.Null, ended.GetProperty("ended_at").ValueKind);
    }

    [Fact]
    public async Task Its_rate_is_changed_while_it_runs_and_who_did_what_is_written_down()
    {
        await using var server = await ServerFixture.StartAsync();
        server.Channels.Find("nowhere")!.Stage.Pause();
        var id = (await ServerFixture.ReadAsync(await PostAsync(server), HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
        var path = "/v1/campaigns/" + id;

        Assert.Equal(5, (await server.CallAsync(HttpMethod.Patch, path, """{"rate":5}""")).GetProperty("rate").GetDouble());
        Assert.Equal(JsonValueKind.Null, (await server.CallAsync(HttpMethod.Patch, path, """{"rate":null}""")).GetProperty("rate").ValueKind);
        foreach (var (body, code, field) in new[] { ("{}", "missing_field", "rate"), ("""{"rate":0}""", "out_of_range", "rate"), ("""{"rate":"fast"}""", "wrong_type", "rate"), ("""{"name":"x"}""", "unknown_field", "name") })
        {
            await ServerFixture.ProblemAsync(await server.Client.PatchAsync(path, ServerFixture.Json(body)), HttpStatusCode.UnprocessableEntity, code, field);
        }

        await server.CallAsync(HttpMethod.Post, path + "/pause", null);
        await server.CallAsync(HttpMethod.Post, path + "/pause", null);
        await server.CallAsync(HttpMethod.Post, path + "/cancel", null);
        var audit = (await server.GetAsync("/v1/audit")).GetProperty("data").EnumerateArray().Where(entry => entry.GetProperty("subject").GetString() == id).Select(entry => entry.GetProperty("action").GetString()!);
        Assert.Equal(["campaign.cancel", "campaign.pause", "campaign.rate", "campaign.rate", "campaign.create"], audit);
        Assert.Contains("campaign.rate_changed", await FactsAsync(server, id, "campaign.rate_changed"));
        await ServerFixture.ProblemAsync(await server.Client.PatchAsync("/v1/campaigns/cmp_0000000000009", ServerFixture.Json("""{"rate":1}""")), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_preview_says_what_it_costs_by_the_channels_prices()
    {
        await using var server = await ServerFixture.StartAsync();
        Assert.Equal(JsonValueKind.Null, (await ServerFixture.ReadAsync(await PostAsync(server, query: "?dry_run=1"), HttpStatusCode.OK)).GetProperty("cost").ValueKind);

        Assert.Equal(0.0071, (await server.CallAsync(HttpMethod.Patch, "/v1/channels/nowhere", """{"price":0.0071}""")).GetProperty("price").GetDouble());
        var preview = await ServerFixture.ReadAsync(await PostAsync(server, text: new string('å', 200) + "{name}я", query: "?dry_run=1"), HttpStatusCode.OK);

        Assert.Equal(8 * 0.0071m, preview.GetProperty("cost").GetDecimal());
        Assert.Empty(preview.GetProperty("unpriced").EnumerateArray());
    }

    [Fact]
    public async Task The_same_request_under_one_key_makes_one_campaign()
    {
        await using var server = await ServerFixture.StartAsync();

        var first = await ServerFixture.ReadAsync(await PostAsync(server, key: "k"), HttpStatusCode.Accepted);
        using var again = await PostAsync(server, key: "k");
        var second = await ServerFixture.ReadAsync(again, HttpStatusCode.Accepted);

        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        await ServerFixture.ProblemAsync(await PostAsync(server, key: "k", text: "other"), HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.Single((await server.GetAsync("/v1/campaigns")).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"name":"May","from":"12345"}""", Csv, "missing_field", "text")]
    [InlineData("""{"name":"May","from":"12345","text":"x","windows":1}""", Csv, "unknown_field", "windows")]
    [InlineData("""{"name":"May","from":"12345","text":"x","window":{"start":"9","end":"20:00","time_zone":"Europe/Stockholm"}}""", Csv, "invalid_time", "window.start")]
    [InlineData("""{"name":"May","from":"12345","text":"x","window":{"start":"09:00","time_zone":"Europe/Stockholm"}}""", Csv, "missing_field", "window.end")]
    [InlineData("""{"name":"May","from":"1","text":"x"}""", Csv, "invalid_sender", "from")]
    [InlineData("""{"name":"May","from":"12345","text":"x","channel":"b"}""", Csv, "unknown_channel", "channel")]
    [InlineData("""{"name":"May","from":"12345","text":"Hi {nome}"}""", Csv, "invalid_template", "text")]
    [InlineData("""{"name":"May","from":"12345","text":"x","rate":0}""", Csv, "out_of_range", "rate")]
    [InlineData(Fields, "number\n1\n", "missing_column", "file")]
    [InlineData(Fields, null, "missing_field", "file")]
    [InlineData(null, Csv, "missing_field", "campaign")]
    public async Task What_is_wrong_is_named(string? fields, string? csv, string code, string field)
    {
        await using var server = await ServerFixture.StartAsync();
        using var form = new MultipartFormDataContent();
        if (csv is not null)
        {
            form.Add(new StringContent(csv, Encoding.UTF8, "text/csv"), "file", "f.csv");
        }

        if (fields is not null)
        {
            form.Add(ServerFixture.Json(fields), "campaign");
        }

        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/campaigns", form), HttpStatusCode.UnprocessableEntity, code, field);
        await NoPartsAsync(server);
    }

    /// <summary>What was taken in goes when the answer is written; its reader may be quicker.</summary>
    private static async Task NoPartsAsync(ServerFixture server)
    {
        var directory = Path.Combine(Path.GetDirectoryName(server.SocketPath)!, "campaigns");
        for (var left = 1000; left > 0 && Directory.GetFiles(directory, "*.part").Length > 0; left--)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Empty(Directory.GetFiles(directory, "*.part"));
    }

    [Fact]
    public async Task What_is_no_form_is_refused()
    {
        await using var server = await ServerFixture.StartAsync();
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/campaigns", ServerFixture.Json("{}")), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var torn = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nto\n4670"u8.ToArray());
        torn.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/campaigns", torn), HttpStatusCode.BadRequest, "bad_request");
        await NoPartsAsync(server);
    }

    private static async Task<HttpResponseMessage> PostAsync(ServerFixture server, string text = "Hello {name}", string query = "", string? key = null)
    {
        using var form = new MultipartFormDataContent
        {
            { ServerFixture.Json($$"""{"name":"May","from":"12345","text":"{{text}}"}"""), "campaign" },
            { new StringContent(Csv, Encoding.UTF8, "text/csv"), "file", "may.csv" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/campaigns" + query) { Content = form };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await server.Client.SendAsync(request);
    }

    /// <summary>Events about it up to the last one that is waited for: they are told when they are on the disk.</summary>
    private static async Task<List<string>> FactsAsync(ServerFixture server, string id, string last) =>
        TypesOf(await server.UntilAsync("/v1/events", page => TypesOf(page, id).Contains(last)), id);

    private static List<string> TypesOf(JsonElement page, string id) =>
        [.. page.GetProperty("data").EnumerateArray().Where(e => e.GetProperty("subject").GetString() == id).Select(e => e.GetProperty("type").GetString()!)];
}
