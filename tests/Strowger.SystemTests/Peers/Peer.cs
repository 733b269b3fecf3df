using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>Programs that we did not write. One that is missing fails its tests, with the words that help.</summary>
internal static class Peer
{
    /// <summary>The path of a program of a Debian package.</summary>
    public static string Need(string program, string package)
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        Assert.True(path is not null, $"This test needs {program}: run ./test, which installs it, or as root: apt-get install {package}");
        return path;
    }

    /// <summary>A script of tests/peers, run by node.</summary>
    public static NodePeer Node(string script, params string[] arguments)
    {
        var node = Need("node", "nodejs");
        using var wanted = JsonDocument.Parse(File.ReadAllText(Path.Combine(StrowgerProgram.Peers, "package.json")));
        foreach (var package in wanted.RootElement.GetProperty("dependencies").EnumerateObject())
        {
            Assert.True(
                File.Exists(Path.Combine(StrowgerProgram.Peers, "node_modules", package.Name, "package.json")),
                $"This test needs the npm package {package.Name}: run ./test, which installs it, or: npm ci --prefix tests/peers");
        }

        return new NodePeer(ChildProcess.Start(node, [Path.Combine(StrowgerProgram.Peers, script), .. arguments], directory: StrowgerProgram.Peers));
    }
}

/// <summary>A script that says what happens in lines of JSON.</summary>
internal sealed class NodePeer(ChildProcess process) : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public ChildProcess Process => process;

    /// <summary>What it has said so far of one kind.</summary>
    public List<JsonElement> Events(string kind) => [.. process.Out.All.Select(Parse).Where(e => KindOf(e) == kind)];

    /// <summary>Waits for something of one kind.</summary>
    public async Task<JsonElement> EventAsync(string kind) => Parse(await process.LineAsync(process.Out, l => KindOf(Parse(l)) == kind, _patience));

    /// <summary>Waits until it has said something of one kind so often.</summary>
    public Task EventsAsync(string kind, int count) =>
        Eventually.GetAsync($"{count} times {kind}", _patience, () => Task.FromResult(Events(kind).Count), n => n >= count);

    public async Task TellAsync(string line)
    {
        await process.Input.WriteLineAsync(line);
        await process.Input.FlushAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string? KindOf(JsonElement line) => line.GetProperty("event").GetString();

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
