using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Backups;

public sealed class ExportTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Texts_that_have_not_left_go_out_by_another_box_as_they_were()
    {
        using var directory = new TempDirectory();
        var data = directory.File("data");
        var stuck = directory.Write("stuck.json", Config.Of(Config.Discard("nowhere", ("Paused", true))));
        string fromServer;
        await using (var server = await StrowgerProcess.StartAsync(data, stuck))
        {
            using var api = server.Connect();
            (await api.BatchAsync(Texts.Lines(1, 20))).Expect(202);
            (await api.TextAsync("+46700000021", new string('å', 200) + "\n\"quoted\", 日本", "\"priority\":\"urgent\",\"reference\":\"r-1\",\"expires_in\":7200,\"tlvs\":{\"0x1400\":\"beef\"}")).Expect(202);
            (await api.TextAsync("+46700000022", "later", "\"send_at\":\"2099-01-01T00:00:00Z\"")).Expect(202);
            fromServer = (await Cli.RunAsync("export", "unsent", "--data", data)).Expect(0).Out;
            server.Kill9();
        }

        // Of a dead server too, and the same.
        var fromFiles = (await Cli.RunAsync("export", "unsent", "--data", data)).Expect(0).Out;
        var lines = fromFiles.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(22, lines.Length);
        Assert.Equal(fromServer.Split('\n').Select(WithoutLife), fromFiles.Split('\n').Select(WithoutLife));
        using var special = JsonDocument.Parse(lines[20]);
        Assert.Equal(new string('å', 200) + "\n\"quoted\", 日本", special.RootElement.GetProperty("text").GetString());
        Assert.Equal("urgent", special.RootElement.GetProperty("priority").GetString());
        Assert.Equal("beef", special.RootElement.GetProperty("tlvs").GetProperty("0x1400").GetString());
        Assert.InRange(special.RootElement.GetProperty("expires_in").GetInt32(), 1, 7200);
        var csv = (await Cli.RunAsync("export", "unsent", "--format", "csv", "--data", data)).Expect(0);
        Assert.StartsWith("to,from,text,", csv.FirstLine, StringComparison.Ordinal);
        Assert.Contains("\"\"quoted\"\"", csv.Out, StringComparison.Ordinal);

        await using var other = await StrowgerProcess.StartAsync(directory.File("other"), directory.Write("free.json", Config.Of(Config.Discard("nowhere"))));
        using var again = other.Connect();
        var batch = (await again.BatchAsync(lines)).Expect(202);
        Assert.Equal((22L, 0L), (batch.Number("accepted"), batch.Number("rejected_count")));
        await Eventually.GetAsync("all but the one for later have left", _patience, again.LiveAsync, live => live == 1);
    }

    [Fact]
    public async Task Lists_and_all_about_one_number_are_written_out()
    {
        using var directory = new TempDirectory();
        var data = directory.File("data");
        await using var server = await StrowgerProcess.StartAsync(data, directory.Write("strowger.json", Config.Of(Config.Discard("nowhere"))));
        using var api = server.Connect();
        (await api.BatchAsync(Texts.Lines(1, 1500))).Expect(202);
        (await api.TextAsync(Texts.To(7), "once more, with \"quotes\"", "\"reference\":\"a,b\"")).Expect(202);
        await api.EmptyAsync(_patience);
        await Eventually.GetAsync("lists have it", _patience, async () => (await Cli.RunAsync("export", "messages", "--status", "sent", "--data", data)).Expect(0).Out.Count(c => c == '\n'), lines => lines >= 1500);

        var csv = (await Cli.RunAsync("export", "messages", "--to", Texts.To(7), "--format", "csv", "--data", data)).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, csv.Length);
        Assert.StartsWith("id,status,to,", csv[0], StringComparison.Ordinal);
        Assert.Contains("\"a,b\"", csv[1], StringComparison.Ordinal);
        Assert.Empty((await Cli.RunAsync("export", "messages", "--until", "2020-01-01T00:00:00Z", "--data", data)).Expect(0).Out);

        var about = (await Cli.RunAsync("export", "number", Texts.To(7), "--data", data)).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, about.Length);
        using var first = JsonDocument.Parse(about[0]);
        Assert.Equal("message", first.RootElement.GetProperty("kind").GetString());
        Assert.Equal("once more, with \"quotes\"", first.RootElement.GetProperty("text").GetString());
        Assert.True(first.RootElement.GetProperty("timeline").GetArrayLength() > 1);
    }

    /// <summary>What remains of a text's time depends on when it is asked.</summary>
    private static string WithoutLife(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\"expires_in\":[0-9]+", "\"expires_in\":0");
}
