using System.Globalization;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Disk;

public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int First = 4000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    /// <summary>
    /// The disk fills up while texts wait: intake closes with the right word, what was accepted goes out and its outcomes are kept,
    /// a kill in this state loses nothing, and intake opens by itself when there is room again.
    /// </summary>
    [Fact]
    public async Task A_full_disk_closes_intake_and_loses_nothing()
    {
        using var directory = new TempDirectory();

        // Two segments of 64 MiB, the one in use and the reserve, and some room for the databases.
        await using var disk = await SmallDisk.MountAsync(directory.File("disk"), megabytes: 200);
        await using var sim = await SimProcess.StartAsync("--key-by-token", "--receipt-delay", "100ms");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Rate", 250), ("WhenUnsure", "resend"))));
        await using var server = await StrowgerProcess.StartAsync(Path.Combine(disk.Inside, "data"), config, within: disk.Within);
        using var api = server.Connect();
        (await api.BatchAsync(Texts.Lines(1, First))).Expect(202);
        disk.Fill();

        // What fills the journal is for the day after tomorrow.
        var (refused, filled) = await FillJournalAsync(api);
        Assert.Equal("storage_full", refused.Code);
        Assert.True(refused.RetryAfter > 0);
        var one = await api.PostAsync("/v1/messages", Texts.Line(First + 1));
        Assert.Equal((503, "storage_full"), (one.Status, one.Code));
        Assert.True(one.RetryAfter > 0);

        // Sending goes on, and what comes of it is kept.
        var atFull = await sim.ReportAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"full after {filled} large texts for later; {atFull.Distinct} of {First} had gone out"));
        Assert.True(atFull.Distinct < First - 500, "All had left before the disk was full: the test proves nothing.");
        await sim.ReportAsync("sending goes on", _patience, r => r.Distinct > atFull.Distinct + 250);
        server.Kill9();
        await server.RestartAsync();
        one = await api.PostAsync("/v1/messages", Texts.Line(First + 1));
        Assert.Equal((503, "storage_full"), (one.Status, one.Code));
        var report = await sim.ReportAsync("all have gone out", _patience, r => r.Distinct >= First);
        Assert.Equal(First, report.Distinct);
        Assert.InRange(report.Duplicates, 0, 50);

        disk.Free();
        var opened = await Eventually.GetAsync(
            "intake opens again", _patience, () => api.PostAsync("/v1/messages", Texts.Line(First + 1), "once"), a => a.Status == 202);
        await api.ReachesAsync(opened.Id!, _patience, "delivered");
        Assert.Equal(First + 1, (await sim.ReportAsync()).Distinct);

        // All that was accepted for later is still there too.
        await server.StopAsync();
        await server.RestartAsync();
        Assert.Equal(filled, server.LiveAtStart());
    }

    /// <summary>The lists' first file is begun when there is no room for it, or for a part of it only; a kill then must not keep the server from starting.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    public async Task A_kill_before_the_lists_could_be_made_hinders_no_start(int leaveKibibytes)
    {
        const int Count = 100;
        using var directory = new TempDirectory();
        await using var disk = await SmallDisk.MountAsync(directory.File("disk"), megabytes: 200);
        await using var sim = await SimProcess.StartAsync("--key-by-token");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Rate", 40), ("WhenUnsure", "resend"))));
        await using var server = await StrowgerProcess.StartAsync(Path.Combine(disk.Inside, "data"), config, within: disk.Within);
        using var api = server.Connect();
        disk.Fill(leaveKibibytes * 1024L);
        (await api.BatchAsync(Texts.Lines(1, Count))).Expect(202);
        await sim.ReportAsync("sending has begun", _patience, r => r.Distinct > 20);

        server.Kill9();
        await server.RestartAsync();

        Assert.Equal(Count, (await sim.ReportAsync("all have gone out", _patience, r => r.Distinct >= Count)).Distinct);
        disk.Free();
        await Eventually.GetAsync(
            "the lists have all of them", _patience, async () => (await api.GetAsync("/v1/messages?limit=100")).Body.GetProperty("data").GetArrayLength(), n => n == Count);
    }

    /// <summary>Batches of large texts until the disk is full; the answer that said so, and how many were accepted.</summary>
    private static async Task<(ApiAnswer Refused, long Accepted)> FillJournalAsync(Api api)
    {
        const int InBatch = 4000;
        var later = DateTimeOffset.UtcNow.AddDays(2).ToString("O", CultureInfo.InvariantCulture);
        var more = $"\"send_at\":\"{later}\",\"callback_url\":\"https://example.com/{new string('x', 1900)}\"";
        var accepted = 0L;
        for (var i = 0; i < 100; i++)
        {
            var answer = await api.BatchAsync(Texts.Lines(i * InBatch, InBatch, "4671", more));
            if (answer.Status == 503)
            {
                return (answer, accepted + (answer.NumberOrNull("accepted") ?? 0));
            }

            accepted += answer.Expect(202).Number("accepted");
        }

        throw new InvalidOperationException($"{accepted} large texts fit on a small disk.");
    }
}
