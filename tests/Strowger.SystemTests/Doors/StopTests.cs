using System.Diagnostics;
using System.Net.Http.Headers;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Doors;

public sealed class StopTests
{
    private const int Count = 2000;

    /// <summary>SIGTERM with everything open: an event stream, a batch that never ends, parts on the wire, a backlog.</summary>
    [Fact]
    public async Task SIGTERM_ends_it_within_ten_seconds_whatever_is_open()
    {
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--key-by-token", "--delay", "1s", "--receipt-share", "0");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("Window", 50))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        using var stream = new HttpClient { BaseAddress = server.Address };
        stream.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", StrowgerProcess.Key);
        using var events = await stream.GetAsync("/v1/events/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType?.MediaType);
        (await api.BatchAsync(Texts.Lines(1, Count))).Expect(202);
        using var batch = new UnfinishedBatch(server.Address);
        await batch.SendAsync(Texts.Line(Count + 1) + "\n");
        await sim.ReportAsync("parts are on the wire", TimeSpan.FromSeconds(10), r => r.Submits > 50);

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));

        // What the batch had brought is answered for, with the line to go on from.
        var answer = await batch.AnswerAsync();
        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"accepted\":1,\"next_line\":2,", answer, StringComparison.Ordinal);

        // Nothing was left in doubt, so nothing is sent twice.
        await sim.SetAsync(("delay", "0ms"));
        await server.RestartAsync();
        Assert.Equal(0, server.UnsureAtStart());
        var report = await sim.ReportAsync("the rest goes out", TimeSpan.FromSeconds(20), r => r.Distinct == Count + 1);
        Assert.Equal(0, report.Duplicates);
    }
}
