using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Inbound;
using Strowger.Server.Tests.Http;

namespace Strowger.Server.Tests.Erasure;

/// <summary>One number, in every place and form in which it is kept.</summary>
public sealed class NumberErasureTests
{
    private const string Victim = "+46701234567";

    /// <summary>What all its forms end with.</summary>
    private const string National = "701234567";

    [Theory]
    [InlineData("+46701234567")]
    [InlineData("0046701234567")]
    [InlineData("0701234567")]
    [InlineData("701234567")]
    public async Task A_text_received_goes_however_its_carrier_wrote_the_number(string written)
    {
        await using var server = await ServerFixture.StartAsync();
        await ReceiveAsync(server, 100, written, "12345", "said in private");
        await ReceiveAsync(server, 200, "12345", written, "told in private");
        await ReceiveAsync(server, 300, "0709999999", "12345", "somebody else");

        var report = await EraseAsync(server);

        Assert.Equal(2, report.GetProperty("received").GetInt64());
        Assert.Equal(4, report.GetProperty("cancelled").GetInt64());
        Assert.Equal(["somebody else"], server.Inbound.List(new InboundFilter()).Rows.Where(row => row.Position > 50).Select(row => row.Text));
        AssertIsNowhere(server, National, "in private");
        Assert.Contains(PathsOf(server), path => Read(path).AsSpan().IndexOf("somebody else"u8) >= 0);
        Assert.Equal(0, (await EraseAsync(server)).GetProperty("records").GetInt64());
    }

    [Fact]
    public async Task Texts_that_came_over_SMPP_go_both_those_to_it_and_those_from_it()
    {
        await using var server = await ServerFixture.StartAsync();
        var to = await SubmitAsync(server, "46701234567", "Shop", "a secret for one");
        var from = await SubmitAsync(server, "46709999999", Victim, "a secret from one");
        var other = await SubmitAsync(server, "46709999999", "Shop", "for another one");
        await server.UntilAsync("/v1/messages?status=sent", page => page.GetProperty("data").GetArrayLength() == 3);

        var report = await EraseAsync(server);

        Assert.Equal(2, report.GetProperty("messages").GetInt64());
        var blank = await server.GetAsync($"/v1/messages/{to}");
        Assert.Equal(("+1000000", "", "sent"), (blank.GetProperty("to").GetString(), blank.GetProperty("text").GetString()!.Trim(), blank.GetProperty("status").GetString()));
        var sent = await server.GetAsync($"/v1/messages/{from}");
        Assert.Equal(("+46709999999", "+11111111111", ""), (sent.GetProperty("to").GetString(), sent.GetProperty("from").GetString(), sent.GetProperty("text").GetString()!.Trim()));
        Assert.Equal("for another one", (await server.GetAsync($"/v1/messages/{other}")).GetProperty("text").GetString());
        var list = (await server.GetAsync("/v1/messages")).GetProperty("data").EnumerateArray().ToDictionary(row => row.GetProperty("id").GetString()!);
        Assert.EndsWith("11111111111", list[from].GetProperty("from").GetString());
        Assert.Equal(JsonValueKind.Null, list[from].GetProperty("reference").ValueKind);
        AssertIsNowhere(server, National, "a secret");
    }

    [Fact]
    public async Task Jobs_of_others_that_name_it_go_with_what_stands_beside_them()
    {
        await using var server = await ServerFixture.StartAsync();
        await PutAsync(server, """{"body":{"phone":"070-123 45 67","note":"job for one"}}""");
        await PutAsync(server, """{"body":{"note":"job for two"},"headers":{"back":"http://x/?n=%2B46701234567"}}""");
        await PutAsync(server, """{"body":{"phone":"0709999999","note":"job for three"}}""");
        var target = new WebhookTarget(TargetKind.Report, 0, 0, "", "http://127.0.0.1/?to=0701234567&d=1", "evt_1", "message.sent", "x");
        var headers = new byte[EngineLimits.MaxHeaderBytes];
        var batch = new JobBatch();
        batch.Add(new NewJob { Flow = server.Engine.Flow("elsewhere", Lane.Normal, "h"), Headers = headers.AsSpan(0, target.Write(headers)), Body = "{}"u8 });
        await server.Engine.EnqueueAsync(batch, TestContext.Current.CancellationToken);

        // Given up, with what its worker said of it in the list.
        var dead = await PutAsync(server, """{"body":{"phone":"+46701234567"}}""");
        foreach (var job in (await server.CallAsync(HttpMethod.Post, "/v1/queues/q/lease", """{"max":10}""")).GetProperty("data").EnumerateArray())
        {
            var lease = job.GetProperty("lease").GetString();
            var id = job.GetProperty("id").GetString();
            await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/" + (id == dead ? "dead" : "retry"), $$"""{"lease":"{{lease}}","error":"no subscriber 0701234567"}""");
        }

        await server.UntilAsync("/v1/queues/q/jobs?state=dead", page => page.GetProperty("data").GetArrayLength() == 1);

        var report = await EraseAsync(server);

        Assert.Equal(3, report.GetProperty("cancelled").GetInt64());
        Assert.Equal("no subscriber 0000000000", (await server.GetAsync("/v1/queues/q/jobs?state=dead")).GetProperty("data")[0].GetProperty("error").GetProperty("detail").GetString());
        AssertIsNowhere(server, National, "123 45 67", "job for one", "job for two");
        Assert.Contains(PathsOf(server), path => Read(path).AsSpan().IndexOf("job for three"u8) >= 0);
    }

    [Fact]
    public async Task Posts_that_tell_of_what_the_erasure_cancels_go_too()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, "/v1/webhooks", """{"url":"https://example.invalid/","types":["message.cancelled"]}""", HttpStatusCode.Created);
        server.Webhooks.Stage!.Pause();
        for (var n = 0; n < 100; n++)
        {
            await server.AcceptAsync(",\"send_at\":\"2099-01-01T00:00:00Z\"");
        }

        var report = await EraseAsync(server);

        Assert.True(report.GetProperty("cancelled").GetInt64() >= 100);
        Assert.Equal(0, report.GetProperty("in_flight").GetInt64());
        AssertIsNowhere(server, National);
    }

    /// <summary>A slow campaign has read thousands of rows ahead.</summary>
    [Fact]
    public async Task No_text_comes_of_a_row_that_a_campaign_had_read_before()
    {
        await using var server = await ServerFixture.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { ServerFixture.Json("""{"name":"May","from":"12345","text":"Hello {name}","rate":0.001}"""), "campaign" },
            { new StringContent("to,name\n46709999991,Bo\n46709999992,Cy\n46701234567,Ann of old\n46709999993,Di\n", Encoding.UTF8, "text/csv"), "file", "may.csv" },
        };
        using var made = await server.Client.PostAsync("/v1/campaigns", form, TestContext.Current.CancellationToken);
        var id = (await ServerFixture.ReadAsync(made, HttpStatusCode.Accepted)).GetProperty("id").GetString();
        await server.UntilAsync("/v1/messages", page => page.GetProperty("data").GetArrayLength() == 2);

        Assert.Equal(1, (await EraseAsync(server)).GetProperty("rows").GetInt64());

        await server.CallAsync(HttpMethod.Patch, $"/v1/campaigns/{id}", """{"rate":1000}""");
        await server.UntilAsync($"/v1/campaigns/{id}", campaign => campaign.GetProperty("state").GetString() == "done");
        var to = (await server.UntilAsync("/v1/messages", page => page.GetProperty("data").GetArrayLength() >= 3)).GetProperty("data").EnumerateArray().Select(row => row.GetProperty("to").GetString());
        Assert.Equal(["+46709999991", "+46709999992", "+46709999993"], to.Order());
        AssertIsNowhere(server, National, "Ann of old");
    }

    [Fact]
    public async Task What_no_list_finds_is_exported()
    {
        await using var server = await ServerFixture.StartAsync();
        var job = await PutAsync(server, """{"body":{"phone":"070-123 45 67"}}""");
        await PutAsync(server, """{"body":{"phone":"0709999999"}}""");
        var from = await SubmitAsync(server, "46709999999", Victim, "from one");
        await SubmitAsync(server, "46701234567", "Shop", "to one: the list has it");
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(Path.Combine(server.DataDirectory, "campaigns")).FullName, "cmp_1.csv"), "to,name\n+46709999999,Bo\n+46 70 123 45 67,Ann\n", TestContext.Current.CancellationToken);

        using var answer = await server.Client.GetAsync("/v1/exports/number?number=%2B46701234567", TestContext.Current.CancellationToken);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.Equal(["row", "job", "message"], lines.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal(("cmp_1", 3, "Ann"), (lines[0].GetProperty("campaign").GetString(), lines[0].GetProperty("line").GetInt32(), lines[0].GetProperty("columns").GetProperty("name").GetString()));
        Assert.Equal((job, "q", "070-123 45 67"), (lines[1].GetProperty("id").GetString(), lines[1].GetProperty("queue").GetString(), lines[1].GetProperty("body").GetProperty("phone").GetString()));
        Assert.Equal(from, lines[2].GetProperty("id").GetString());
        using var refused = await server.Client.GetAsync("/v1/exports/number?number=0701234567", TestContext.Current.CancellationToken);
        await ServerFixture.ProblemAsync(refused, HttpStatusCode.UnprocessableEntity, "invalid_number", "number");
    }

    private static async Task<JsonElement> EraseAsync(ServerFixture server) =>
        await server.CallAsync(HttpMethod.Post, "/v1/erasures", $$"""{"number":"{{Victim}}"}""");

    private static async Task<string> PutAsync(ServerFixture server, string json) =>
        (await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", json, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;

    /// <summary>As it is kept: an event, a row of the list, a post and a delivery over SMPP that wait.</summary>
    internal static async Task<IReadOnlyList<JobId>> ReceiveAsync(ServerFixture server, long position, string from, string to, string words)
    {
        var text = new InboundText("nowhere", from, to, words, null, 0);
        var events = new EventBatch();
        events.Add(default, MessagingEvents.Inbound, text.ToBytes());
        server.Engine.Append(events);
        server.Inbound.Apply([new InboundRow(position, position, "nowhere", from, to, words, null, 0, 1, 1, 0)], position);
        var batch = new JobBatch();
        var mark = new byte[DeliverMark.Length];
        DeliverMark.Write(position, mark);
        batch.Add(new NewJob { Flow = server.Engine.Flow("smpp:shop", Lane.Normal, ""), Headers = mark, Body = new DeliverPdu().Text(text) });
        var target = new WebhookTarget(TargetKind.Channel, position, 0, "nowhere", "http://127.0.0.1/in", "evt_1", InboundPost.ReceivedType, "x");
        var headers = new byte[EngineLimits.MaxHeaderBytes];
        var post = new InboundPost("in_1", InboundPost.ReceivedType, "nowhere", from, to, words, null, 0, 1, null, "2026-01-01T00:00:00.000Z");
        batch.Add(new NewJob { Flow = server.Engine.Flow("elsewhere", Lane.Normal, "h"), Headers = headers.AsSpan(0, target.Write(headers)), Body = post.ToBytes() });
        var result = await server.Engine.EnqueueAsync(batch, TestContext.Current.CancellationToken);
        return [.. result.Results.Select(queued => queued.Id)];
    }

    /// <summary>As the SMPP door makes it: with the client's account in the body and its mark beside it.</summary>
    internal static async Task<string> SubmitAsync(ServerFixture server, string to, string from, string words)
    {
        var intake = new MessagingService(server.Engine, server.Channels, TimeProvider.System).Rent();
        intake.Account = "smpp:shop";
        Assert.True(Sender.TryParse(Encoding.UTF8.GetBytes(from), out var sender, out _));
        Assert.Null(MessageRequestFields.Fill(
            intake.Request, new TextFields { To = Encoding.UTF8.GetBytes(to), From = sender, Text = Encoding.UTF8.GetBytes(words), Reference = Encoding.UTF8.GetBytes("by " + from), Priority = MessagePriority.Normal }));
        Assert.Null(intake.Prepare(out var message));
        var mark = new byte[SmppMark.MaxLength];
        var length = SmppMark.Write(new Strowger.Smpp.SubmitSm { RegisteredDelivery = 1 }, "shop"u8, mark);
        var batch = new JobBatch();
        batch.Add(intake.ToJob(message, headers: mark.AsSpan(0, length)));
        var result = await server.Engine.EnqueueAsync(batch, TestContext.Current.CancellationToken);
        return new MessageId(result.Results[0].Id).ToString();
    }

    private static void AssertIsNowhere(ServerFixture server, params string[] words)
    {
        var binary = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(binary, 46701234567);
        foreach (var path in PathsOf(server))
        {
            Assert.True(Read(path).AsSpan().IndexOf(binary) < 0, path);
            AssertLacks(path, words);
        }
    }

    internal static IEnumerable<string> PathsOf(ServerFixture server) =>
        Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) is not ("lock" or "control.sock"));

    internal static void AssertLacks(string path, params string[] words)
    {
        foreach (var word in words)
        {
            Assert.True(Read(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) < 0, $"{path}: {word}");
        }
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
