using System.Net;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Journal;

namespace Strowger.SystemTests.Doors;

/// <summary>Starts that cannot be: each ends soon, with its exit code and words that help, and touches nothing.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Data => _directory.File("data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_wrong_configuration_is_told_with_all_its_mistakes_at_once()
    {
        var config = _directory.Write("strowger.json", """
            { "Http": { "Listen": "nowhere" }, "Htpp": {}, "Queues": { "Bound": 0 },
              "Channels": [ { "Name": "a b", "Kind": "smpp", "Port": 70000, "Rate": -5 }, { "Name": "x", "Kind": "pigeon" } ] }
            """);
        await using var server = StrowgerProcess.StartRaw(["serve", "--data", Data, "--config", config], new Dictionary<string, string> { ["STROWGER_ADMIN_KEY"] = "short" });
        Assert.Equal(78, await server.ExitAsync(TimeSpan.FromSeconds(10)));
        var said = string.Join('\n', server.Error.All);
        Assert.All(
            (string[])["Http:Listen", "Htpp", "did you mean Http", "Queues:Bound", "Channels:0:Name", "70000", "Channels:0:Rate", "Channels:0:Host", "Channels:0:SystemId", "pigeon", "STROWGER_ADMIN_KEY", "strowger.json line 2"],
            word => Assert.Contains(word, said, StringComparison.Ordinal));
        Assert.Equal(0, server.Out.Count);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_configuration_that_is_no_JSON_says_where()
    {
        var config = _directory.Write("strowger.json", "{ \"Http\": { \"Listen\": } }");
        await using var server = StrowgerProcess.StartRaw(["serve", "--data", Data, "--config", config]);
        Assert.Equal(78, await server.ExitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("line 1", string.Join('\n', server.Error.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_and_a_directory_in_use_are_said_in_a_line()
    {
        await using var first = await StrowgerProcess.StartAsync(Data, _directory.Write("strowger.json", Config.Of(Config.Discard("nowhere"))));
        await using var port = StrowgerProcess.StartRaw(["serve", "--data", _directory.File("other"), "--set", $"Http:Listen=127.0.0.1:{first.Address.Port}"]);
        Assert.Equal(1, await port.ExitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains($"127.0.0.1:{first.Address.Port}: address already in use", port.Error.All[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(port.Error.All, l => l.Contains("   at ", StringComparison.Ordinal));

        var other = _directory.Write("other.json", Config.Of(Config.Discard("elsewhere")));
        await using var directory = StrowgerProcess.StartRaw(["serve", "--data", Data, "--config", other, "--set", "Http:Listen=127.0.0.1:0"]);
        Assert.Equal(1, await directory.ExitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("in use by another process", directory.Error.All[^1], StringComparison.Ordinal);

        // The one that runs has felt nothing: its socket is there, its channels are its own, after a restart too.
        Assert.Contains("nowhere", (await Cli.RunAsync("channels", "--data", Data)).Expect(0).Out, StringComparison.Ordinal);
        first.Kill9();
        await using var again = await StrowgerProcess.StartAsync(Data);
        var channels = (await Cli.RunAsync("channels", "--data", Data)).Expect(0).Out;
        Assert.DoesNotContain("elsewhere", channels, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messaging_alone_has_the_API_and_no_pages_and_the_console_alone_is_refused()
    {
        await using var server = await StrowgerProcess.StartAsync(Data, more: ["--set", "Http:Listen=127.0.0.1:0", "--only", "messaging"]);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        using var page = await http.GetAsync(new Uri("/login", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (ready.StatusCode, page.StatusCode));

        await using var alone = StrowgerProcess.StartRaw(["serve", "--data", _directory.File("other"), "--only", "console"]);
        Assert.Equal(2, await alone.ExitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("messaging", string.Join('\n', alone.Error.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_of_a_newer_version_is_refused_and_left_alone()
    {
        await using (var server = await StrowgerProcess.StartAsync(Data))
        {
            Assert.Equal(0, await server.StopAsync());
        }

        var segment = JournalFile.LastSegment(Data);
        JournalFile.MakeNewer(segment);
        var before = await File.ReadAllBytesAsync(segment);
        await using var older = StrowgerProcess.StartRaw(["serve", "--data", Data, "--set", "Http:Listen=127.0.0.1:0"]);
        Assert.Equal(1, await older.ExitAsync(TimeSpan.FromSeconds(10)));
        var said = older.Error.All[^1];
        Assert.Contains("version 2", said, StringComparison.Ordinal);
        Assert.Contains("1", said.Replace("version 2", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(segment));
    }
}
