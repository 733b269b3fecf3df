using System.Text.Json;
using Strowger.Server.Cli;

namespace Strowger.Server.Tests.Cli;

public sealed class SendTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task One_text_prints_its_id_and_waits_until_it_left()
    {
        var polls = 0;
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, asked => asked.Method == "POST"
            ? new Answered(202, """{"id":"msg_1","status":"queued","segments":1,"channel":"a","eta":"2026-01-31T12:00:00Z"}""")
            : new Answered(200, $$"""{"id":"msg_1","status":"{{(++polls < 3 ? "queued" : "sent")}}"}"""));
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("send", "46701234567", "Hej \"du\"", "--from", "Shop", "--expires-in", "5m"));
        Assert.Equal("msg_1", _cli.Out.TrimEnd());
        Assert.Equal("""{"to":"46701234567","text":"Hej \u0022du\u0022","from":"Shop","expires_in":300}""", server.Requests[0].Body);

        Assert.Equal(ExitCode.Done, await _cli.RunAsync("send", "46701234567", "Hej", "--wait"));
        Assert.Equal("msg_1 sent", _cli.Out.TrimEnd());
        Assert.Equal(3, polls);
    }

    [Fact]
    public async Task A_file_is_filled_in_and_its_bad_rows_are_named_by_line()
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(
            202, """{"id":"bat_1","accepted":1,"next_line":3,"rejected_count":1,"rejected":[{"line":2,"code":"invalid_number","detail":"it has letters"}]}"""));
        _cli.Write("s.csv", "name;to\nÅsa;46701234567\n\nBo;abc\nToo;many;fields\n");
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("send", "--csv", "s.csv", "--text", "Hello {name}", "--from", "Shop", "--campaign", "spring", "--json"));
        var lines = server.Requests[0].Body.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["Hello Åsa", "Hello Bo"], lines.Select(line => line.GetProperty("text").GetString()));
        Assert.All(lines, line => Assert.Equal(("spring", "bulk", "Shop"), (line.GetProperty("campaign").GetString(), line.GetProperty("priority").GetString(), line.GetProperty("from").GetString())));
        Assert.Contains("line 4: it has letters (invalid_number)", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("line 5:", _cli.Error, StringComparison.Ordinal);
        var report = JsonDocument.Parse(_cli.Out).RootElement;
        Assert.Equal((1, 2), (report.GetProperty("accepted").GetInt32(), report.GetProperty("rejected_count").GetInt32()));
    }

    [Fact]
    public async Task A_large_file_goes_in_batches_through_full_queues_and_cut_connections_each_text_once()
    {
        const int Rows = 25_000;
        var taken = new HashSet<string>();
        var answers = new Dictionary<string, Answered>();
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, asked =>
        {
            if (answers.TryGetValue(asked.IdempotencyKey!, out var before))
            {
                return before;
            }

            var lines = asked.Body.TrimEnd().Split('\n');
            var accepted = ++calls == 2 ? 4321 : lines.Length;
            foreach (var line in lines.Take(accepted))
            {
                Assert.True(taken.Add(JsonDocument.Parse(line).RootElement.GetProperty("to").GetString()!));
            }

            var answer = new Answered(
                accepted < lines.Length ? 429 : 202, $$"""{"id":"b","accepted":{{accepted}},"next_line":{{accepted + 1}},"rejected_count":0,"rejected":[]}""", 1);
            answers[asked.IdempotencyKey!] = answer;
            return calls switch { 1 => new Answered(0, ""), _ => answer };
        });
        _cli.Write("s.csv", "to\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"4670{i:0000000}\n")));
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("send", "--csv", "s.csv", "--text", "Hi"));
        Assert.Equal(Rows, taken.Count);
        Assert.Contains("25,000 texts safe", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("handing over: 100 %", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Out);
    }

    [Fact]
    public async Task Waiting_for_a_file_ends_when_all_have_left()
    {
        var polls = 0;
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, asked => asked.Method == "POST"
            ? new Answered(202, """{"id":"b","accepted":2,"next_line":3,"rejected_count":0}""")
            : new Answered(200, $$"""{"data":[],"count":{{Count(asked.PathAndQuery, ref polls)}}}"""));
        _cli.Write("s.csv", "to\n46701234567\n46701234568\n");
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("send", "--csv", "s.csv", "--text", "Hi", "--wait", "--campaign", "c"));
        Assert.Equal(3, polls);
    }

    [Theory]
    [InlineData("number\n1\n", "Hi", ExitCode.Failed, "no column 'to'")]
    [InlineData("to\n1\n", "Hi {nme}", ExitCode.Usage, "no column 'nme'")]
    [InlineData("", "Hi", ExitCode.Failed, "the file is empty")]
    public async Task A_file_that_does_not_fit_is_refused_before_anything_is_sent(string csv, string text, int code, string expected)
    {
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => new Answered(500, "{}"));
        _cli.Write("s.csv", csv);
        Assert.Equal(code, await _cli.RunAsync("send", "--csv", "s.csv", "--text", text));
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_refused_batch_stops_and_says_how_many_are_safe()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(_cli.Socket, _ => ++calls == 1
            ? new Answered(202, """{"id":"b","accepted":10000,"next_line":10001,"rejected_count":0}""")
            : new Answered(401, """{"detail":"The key is not known.","code":"unauthorized"}"""));
        _cli.Write("s.csv", "to\n" + string.Concat(Enumerable.Range(0, 10_001).Select(i => $"4670{i:0000000}\n")));
        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("send", "--csv", "s.csv", "--text", "Hi"));
        Assert.Contains("Stopped. 10,000 texts safe", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("The key is not known. (unauthorized)", _cli.Error, StringComparison.Ordinal);
    }

    /// <summary>Seen by the lists at the second look, gone at the third.</summary>
    private static int Count(string query, ref int polls)
    {
        if (!query.Contains("status=", StringComparison.Ordinal))
        {
            polls++;
            return polls == 1 ? 0 : 2;
        }

        return polls == 2 && query.Contains("status=queued", StringComparison.Ordinal) ? 2 : 0;
    }
}
