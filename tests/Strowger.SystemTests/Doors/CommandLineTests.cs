using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Doors;

/// <summary>The verbs, each a process of its own, against a server that runs.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private SimProcess _sim = null!;
    private StrowgerProcess _server = null!;

    private string Data => _directory.File("data");

    public async ValueTask InitializeAsync()
    {
        _sim = await SimProcess.StartAsync("--receipt-delay", "50ms", "--system-id", "strowger", "--password", "secret");
        _server = await StrowgerProcess.StartAsync(Data, _directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", _sim.Port))));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _sim.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task One_text_is_sent_followed_and_listed()
    {
        var sent = (await RunAsync("send", "+46701234567", "Hello from the command line", "--from", "Strowger", "--reference", "r-1")).Expect(0);
        var id = sent.FirstLine;
        Assert.StartsWith("msg_", id, StringComparison.Ordinal);
        Assert.Equal(id, sent.Out);
        Assert.Contains("part(s) over carrier", sent.Error, StringComparison.Ordinal);

        var waited = (await RunAsync("send", "+46701234568", "And this one", "--from", "Strowger", "--wait", "--json")).Expect(0).Json;
        Assert.Contains(waited.GetProperty("status").GetString(), (string[])["sent", "delivered"]);

        var shown = (await RunAsync("messages", "show", id, "--json")).Expect(0).Json;
        Assert.Equal(("+46701234567", "Hello from the command line"), (shown.GetProperty("to").GetString(), shown.GetProperty("text").GetString()));
        Assert.Contains("message.accepted", (await RunAsync("messages", "show", id)).Expect(0).Out, StringComparison.Ordinal);
        var listed = await Eventually.GetAsync(
            "the list has it", TimeSpan.FromSeconds(20), async () => (await RunAsync("messages", "--reference", "r-1", "--json")).Expect(0).Json.GetProperty("data"), d => d.GetArrayLength() == 1);
        Assert.Equal(id, listed[0].GetProperty("id").GetString());

        (await RunAsync("messages", "cancel", id)).Expect(1);
        Assert.Contains("no such message", (await RunAsync("messages", "show", "msg_00000zzzzzzzz")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("invalid_number", (await RunAsync("send", "4670", "x", "--from", "Strowger")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_sent_row_by_row()
    {
        var csv = _directory.Write("subscribers.csv", "name,to\nAda,+46701000001\nGrace,+46701000002\nNobody,none\n");
        var run = (await RunAsync("send", "--csv", csv, "--text", "Hello {name}", "--from", "Strowger", "--json")).Expect(1);
        Assert.Equal((2, 1), (run.Json.GetProperty("accepted").GetInt32(), run.Json.GetProperty("rejected_count").GetInt32()));
        Assert.Equal(4, run.Json.GetProperty("rejected")[0].GetProperty("line").GetInt32());
        await _sim.ReportAsync("both are there", TimeSpan.FromSeconds(10), r => r.Distinct == 2);
    }

    [Fact]
    public async Task Channels_and_queues_are_shown_and_changed()
    {
        await Eventually.TrueAsync(
            "the channel is up", TimeSpan.FromSeconds(10),
            async () => (await RunAsync("channels", "--json")).Expect(0).Json.GetProperty("data")[0].GetProperty("state").GetString() == "up");
        Assert.Contains("carrier", (await RunAsync("channels")).Expect(0).Out, StringComparison.Ordinal);
        var test = (await RunAsync("channels", "test", "carrier", "--to", "+46701234567")).Expect(0);
        Assert.Contains("the carrier took it", test.Out, StringComparison.Ordinal);

        (await RunAsync("channels", "change", "carrier", "--rate", "50")).Expect(0);
        Assert.Equal(50, (await RunAsync("channels", "--json")).Json.GetProperty("data")[0].GetProperty("rate").GetDouble());

        // One more, whose password is wrong: it says so, and its exit code too.
        var added = await RunAsync("channels", "add", "second", "--host", "127.0.0.1", "--port", $"{_sim.Port}", "--system-id", "strowger", "--password-file", _directory.Write("password", "guess\n"), "--prefix", "47");
        Assert.Contains("password", added.Expect(1).Out, StringComparison.OrdinalIgnoreCase);
        (await RunAsync("channels", "remove", "second")).Expect(0);
        Assert.Contains("not_found", (await RunAsync("channels", "remove", "second")).Expect(1).Error, StringComparison.Ordinal);

        var queue = (await RunAsync("queues", "--json")).Expect(0).Json.GetProperty("data").EnumerateArray().Select(q => q.GetProperty("name").GetString()!).First();
        (await RunAsync("queues", "change", queue, "--pause")).Expect(0);
        (await RunAsync("queues", "change", queue, "--resume", "--bound", "1000")).Expect(0);
        (await RunAsync("queues", "change", queue)).Expect(2);

        var exported = (await RunAsync("export", "settings")).Expect(0);
        Assert.Contains("\"carrier\"", exported.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_logins()
    {
        var made = (await RunAsync("keys", "create", "ci")).Expect(0);
        Assert.StartsWith("sk_", made.FirstLine, StringComparison.Ordinal);
        var elsewhere = new Dictionary<string, string> { ["STROWGER_URL"] = _server.Address.ToString(), ["STROWGER_KEY"] = made.FirstLine };
        (await Cli.RunAsync(["channels"], elsewhere)).Expect(0);
        Assert.Contains("ci", (await RunAsync("keys")).Expect(0).Out, StringComparison.Ordinal);
        (await RunAsync("keys", "remove", "ci")).Expect(0);
        Assert.Contains("wrong_key", (await Cli.RunAsync(["channels"], elsewhere)).Expect(1).Error, StringComparison.Ordinal);

        var link = new Uri((await RunAsync("login")).Expect(0).FirstLine);
        Assert.Equal(_server.Address.Port, link.Port);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var first = await browser.GetAsync(link);
        using var second = await browser.GetAsync(link);
        Assert.True(first.Headers.Contains("Set-Cookie"), $"The link gave {first.StatusCode} and no session.");
        Assert.False(second.Headers.Contains("Set-Cookie"), "The link worked twice.");
    }

    [Fact]
    public async Task Doctor_and_mistakes()
    {
        var doctor = await Cli.RunAsync("doctor", "--data", _directory.File("fresh"), "--set", "Http:Listen=127.0.0.1:0", "--json");
        Assert.Contains(doctor.Expect(0).Json.EnumerateArray(), f => f.ToString().Contains("SQLite", StringComparison.Ordinal));
        (await Cli.RunAsync("doctor", "--data", _directory.File("fresh"), "--set", "Http:Listen=nowhere")).Expect(78);
        Assert.Contains("serve", (await Cli.RunAsync("srve")).Expect(2).Error, StringComparison.Ordinal);
        (await Cli.RunAsync("send", "--data", Data)).Expect(2);
        Assert.Contains("No server runs on", (await Cli.RunAsync("channels", "--data", _directory.File("nothing"))).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("strowger", (await Cli.RunAsync("version")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("Description", (await Cli.RunAsync("--help")).Expect(0).Out, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(params string[] arguments) => Cli.RunAsync([.. arguments, "--data", Data]);
}
