using System.Text.Json;
using Strowger.Records.Settings;
using Strowger.Server.Cli;

namespace Strowger.Server.Tests.Cli;

public sealed class CliTests : IDisposable
{
    private const string OneMessage = """{"data":[{"id":"msg_1","to":"46701234567","status":"sent","channel":"a"}],"next_cursor":"c2"}""";
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Lists_go_to_standard_output_and_hints_to_error()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(200, OneMessage));
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("messages", "--status", "sent", "--campaign", "a&b"));
        Assert.Equal("/v1/messages?status=sent&campaign=a%26b&limit=100", server.Requests[0].PathAndQuery);
        Assert.Contains("msg_1  46701234567        sent    a", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("--cursor c2", _cli.Error, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, await _cli.RunAsync("messages", "list", "--json"));
        Assert.Equal(OneMessage, _cli.Out.TrimEnd());
    }

    [Fact]
    public async Task Jobs_are_counted_by_queue_shown_and_put_in()
    {
        const string Queues = """{"data":[{"name":"sms:default","state":"open"},{"name":"reports","state":"open","waiting":3,"leased":1,"dead_total":2,"workers_waiting":0}]}""";
        const string Job = """{"id":"job_1","state":"ready","waits_for":{"code":"no_worker","detail":"Nobody asked."},"body":{"a":"\u001b"},"headers":{},"result":null}""";
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, request => request.PathAndQuery switch
        {
            "/v1/queues?limit=1000" => new Answered(200, Queues),
            "/v1/jobs/job_1" => new Answered(200, Job),
            "/v1/queues/reports/jobs?state=dead&limit=100" => new Answered(200, """{"data":[{"id":"job_3","attempts":2,"error":{"code":"failed","detail":"no paper"}}]}"""),
            _ => new Answered(202, """{"id":"job_2"}"""),
        });
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("jobs"));
        Assert.DoesNotContain("sms:default", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("reports", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("jobs", "show", "job_1"));
        Assert.Contains("no_worker: Nobody asked.", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("result", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("jobs", "dead", "reports"));
        Assert.Contains("failed: no paper", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("jobs", "put", "reports", """{"m":5}""", "--delay", "2s"));
        Assert.Contains("job_2", _cli.Out, StringComparison.Ordinal);
        Assert.Equal("/v1/queues/reports/jobs", server.Requests[^1].PathAndQuery);
        Assert.Equal("""{"body":{"m":5},"delay_ms":2000}""", server.Requests[^1].Body);
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("jobs", "put", "reports", "plain"));
    }

    [Fact]
    public async Task A_campaigns_rate_is_a_number_or_none()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(200, """{"id":"cmp_1","eta":"2026-05-17T14:03:21Z"}"""));
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("campaigns", "rate", "cmp_1", "2.5"));
        Assert.Equal(("PATCH", "/v1/campaigns/cmp_1", """{"rate":2.5}"""), (server.Requests[^1].Method, server.Requests[^1].PathAndQuery, server.Requests[^1].Body));
        Assert.Equal("cmp_1 goes at 2.5 parts a second at most; the last leaves at 2026-05-17T14:03:21Z.", _cli.Error.TrimEnd());
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("campaigns", "rate", "cmp_1", "none"));
        Assert.Equal("""{"rate":null}""", server.Requests[^1].Body);
        Assert.Contains("as fast as its channels take it", _cli.Error, StringComparison.Ordinal);
        foreach (var wrong in new[] { "fast", "0", "-1", "1e3", "10000001" })
        {
            Assert.Equal(ExitCode.Usage, await _cli.RunAsync("campaigns", "rate", "cmp_1", wrong));
        }

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Jobs_given_up_are_put_back_by_id_or_by_queue()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, request => new Answered(202, request.PathAndQuery == "/v1/queues/reports/requeue"
            ? """{"requeued":2,"left":1,"jobs":[{"id":"job_8","requeued_from":"job_3"},{"id":"job_9","requeued_from":"job_4"}]}"""
            : """{"id":"job_7","state":"ready","requeued_from":"job_2","duplicate":false}"""));
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("jobs", "requeue", "job_1", "job_2"));
        Assert.Equal(["/v1/jobs/job_1/requeue", "/v1/jobs/job_2/requeue"], server.Requests.Select(r => r.PathAndQuery));
        Assert.Equal("job_7", _cli.Out.TrimEnd().Split('\n')[0].TrimEnd());
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("jobs", "requeue", "--queue", "reports", "--reason", "failed", "--error", "no paper", "--max", "2"));
        Assert.Equal("""{"max":2,"reason":"failed","error":"no paper"}""", server.Requests[^1].Body);
        Assert.Equal("2 put back; 1 are still given up.", _cli.Error.TrimEnd());
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("jobs", "requeue"));
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("jobs", "requeue", "job_1", "--queue", "reports"));
    }

    [Fact]
    public async Task A_refusal_is_told_in_words_and_fails()
    {
        const string Problem = """{"title":"Not found","detail":"There is no message msg_9.","code":"not_found"}""";
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(404, Problem));
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("messages", "show", "msg_9"));
        Assert.Equal("There is no message msg_9. (not_found)", _cli.Error.TrimEnd());
        Assert.Empty(_cli.Out);
    }

    [Fact]
    public async Task A_text_from_elsewhere_cannot_move_the_cursor()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(200, "{\"data\":[{\"id\":\"a\\u001b[2J\"}]}"));
        await _cli.RunAsync("messages");
        Assert.DoesNotContain('\u001b', _cli.Out);
    }

    [Theory]
    [InlineData("mesages", "Did you mean 'messages'?")]
    [InlineData("channels rmove x", "Did you mean 'remove'?")]
    [InlineData("messages list --stats sent", "Did you mean '--status'?")]
    [InlineData("messages show", "ID")]
    [InlineData("send 46701234567", "Either:")]
    [InlineData("queues change q --pause --resume", "do not go together")]
    [InlineData("keys create k --expires soon", "is no duration")]
    public async Task Wrong_usage_is_two_and_told(string line, string expected)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(line.Split(' ')));
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Out);
    }

    [Fact]
    public async Task Without_arguments_the_help_is_shown()
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync());
        Assert.Contains("Commands:", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("send", "--help"));
    }

    [Fact]
    public async Task Without_a_server_it_is_said_what_to_do()
    {
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("queues"));
        Assert.Contains("strowger serve", _cli.Error, StringComparison.Ordinal);
        _cli.Environment["STROWGER_URL"] = "http://127.0.0.1:1";
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("queues"));
        Assert.Contains("cannot be reached", _cli.Error, StringComparison.Ordinal);
        _cli.Environment["STROWGER_URL"] = "nonsense";
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("queues"));
    }

    [Fact]
    public async Task Elsewhere_is_reached_by_url_and_key()
    {
        await using var server = await ScriptedServer.StartAsync(null, _ => new Answered(200, """{"data":[]}"""));
        _cli.Environment["STROWGER_URL"] = server.Url;
        _cli.Environment["STROWGER_KEY"] = "sk_x";
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("queues"));
        Assert.Equal("Bearer sk_x", server.Requests[0].Authorization);
    }

    [Fact]
    public async Task A_new_keys_secret_alone_is_data()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(201, """{"name":"ops","secret":"sk_abc","signing_secret":"whsec_x"}"""));
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("keys", "create", "ops", "--right", "messages:read", "--rate", "5", "--expires", "1d"));
        Assert.Equal("sk_abc", _cli.Out.TrimEnd());
        Assert.Contains("whsec_x", _cli.Error, StringComparison.Ordinal);
        var body = JsonDocument.Parse(server.Requests[0].Body).RootElement;
        Assert.Equal("messages:read", body.GetProperty("rights")[0].GetString());
        Assert.Equal(5, body.GetProperty("rate").GetInt32());
        Assert.True(body.GetProperty("expires_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_channel_is_added_and_tested()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, asked => asked.PathAndQuery.EndsWith("/test", StringComparison.Ordinal)
            ? new Answered(200, """{"ok":false,"detail":"The carrier refused the password.","steps":[{"name":"bind","ok":false,"detail":"ESME_RINVPASWD"}]}""")
            : new Answered(201, "{}"));
        _cli.Input = "hunter2\n";
        var code = await _cli.RunAsync("channels", "add", "c", "--host", "h", "--system-id", "s", "--password-file", "-", "--rate", "200", "--prefix", "46", "--prefix", "47");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(
            """{"host":"h","system_id":"s","password":"hunter2","rate":200,"prefixes":["46","47"],"name":"c","kind":"smpp"}""", server.Requests[0].Body);
        Assert.Contains("WRONG bind: ESME_RINVPASWD", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("refused the password", _cli.Error, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("channels", "add"));
        Assert.Contains("Missing: NAME, --host, --system-id.", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync("channels", "change", "c"));
    }

    [Fact]
    public async Task Settings_are_exported_as_a_configuration_file()
    {
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("export", "settings"));
        using (var store = SettingsStore.Open(Path.Combine(_cli.Directory, "data"), TimeProvider.System))
        {
            store.Channels.Add("a", "discard", """{"Name":"a","Kind":"discard","Rate":5}""", "test");
        }

        Assert.Equal(ExitCode.Done, await _cli.RunAsync("export", "settings"));
        Assert.Equal(5, JsonDocument.Parse(_cli.Out).RootElement.GetProperty("Channels")[0].GetProperty("Rate").GetInt32());
    }

    [Fact]
    public async Task The_doctor_finds_what_is_wrong_and_says_what_to_do()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var closed = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        _cli.Write("strowger.json", $$"""{ "Http": { "Listen": "127.0.0.1:{{closed}}" }, "Channels": [ { "Name": "a", "Kind": "smpp", "Host": "127.0.0.1", "Port": 1, "SystemId": "s" } ] }""");
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("doctor", "--json"));
        var findings = JsonDocument.Parse(_cli.Out).RootElement.EnumerateArray().ToDictionary(
            finding => finding.GetProperty("what").GetString()!, finding => finding.GetProperty("verdict").GetString());
        Assert.Equal("good", findings["configuration"]);
        Assert.Equal("good", findings["SQLite"]);
        Assert.Equal("good", findings["data directory"]);
        Assert.Equal("wrong", findings["HTTP port"]);
        Assert.Equal("wrong", findings["carrier a"]);

        Assert.Equal(ExitCode.Configuration, await _cli.RunAsync("doctor", "--set", "Htp:Listen=1"));
        Assert.Contains("did you mean Http?", _cli.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_cli.Directory, "data")));
    }

    [Fact]
    public async Task The_version_names_what_it_runs_on()
    {
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("version", "--json"));
        Assert.StartsWith("3.", JsonDocument.Parse(_cli.Out).RootElement.GetProperty("sqlite").GetString(), StringComparison.Ordinal);
    }
}
