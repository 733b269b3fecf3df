using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Pacing;

/// <summary>A carrier that counts by source address: each sender's rate is used up and not overrun, and a brand's day survives kills.</summary>
public sealed class SenderLimitTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Each_sender_has_its_rate_and_one_that_waits_holds_back_no_other()
    {
        const int Rate = 40;
        const int Each = Rate * 15;
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--source-rate", "40", "--bucket", "1s", "--receipt-share", "0");
        var limit = new JsonObject { ["Name"] = "each", ["Rate"] = Rate };
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Bucket", "1s"), ("Window", 200), ("Limits", new JsonArray(limit)))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        sim.Process.Prefer();
        server.Process.Prefer();
        using var api = server.Connect();
        string[] senders = ["12025550100", "ACME", "47474"];
        (await api.BatchAsync(senders.SelectMany((from, i) => Lines(from, i * Each, Each)))).Expect(202);

        // Behind all of them, of another sender: it does not wait.
        var late = (await api.PostAsync("/v1/messages", Line("OTHER", 90_000))).Expect(202);
        await api.ReachesAsync(late.Id!, _patience, "sent");
        Assert.InRange((await sim.ReportAsync()).Distinct, 1, senders.Length * Each / 2);
        var waiting = (await api.PostAsync("/v1/messages", Line("ACME", 90_001))).Expect(202);

        // For a moment after a token came it is its turn that they wait for.
        await Eventually.GetAsync(
            "it says which limit it waits for",
            _patience,
            () => api.MessageAsync(waiting.Id!),
            m => m.TryGetProperty("waits_for", out var why) && why.GetProperty("code").GetString() == "sender_limit");
        var refused = await api.PostAsync("/v1/messages", Line("ACME", 90_002, ",\"expires_in\":1"));
        Assert.Equal((429, "too_late"), (refused.Status, refused.Code));

        await api.EmptyAsync(_patience);
        var report = await sim.ReportAsync();
        var sources = report.Json.GetProperty("sources");
        output.WriteLine(sources.GetRawText());
        Assert.Equal((senders.Length * Each) + 2, report.Distinct);

        // The bucket was partly full when they came. A machine that does other things too may bunch a few of them.
        Assert.InRange(sources.GetProperty("throttled").GetInt64(), 0, report.Submits / 100);
        Assert.InRange(sources.GetProperty("least_rate_used").GetDouble(), 0.95, 1.1);
    }

    [Fact]
    public async Task A_brands_day_survives_kills_and_can_be_raised()
    {
        const int Day = 300;
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--source-day", "300", "--receipt-share", "0");

        // Where it is about noon: no day ends meanwhile.
        var hour = TimeProvider.System.GetUtcNow().Hour - 12;
        var brand = new JsonObject
        {
            ["Name"] = "brand",
            ["Senders"] = new JsonArray("ACME", "47474"),
            ["PerDay"] = Day,
            ["TimeZone"] = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{(hour < 0 ? "-" : "+")}{Math.Abs(hour)}"),
        };
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Rate", 150), ("Limits", new JsonArray(brand)))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using (var api = server.Connect())
        {
            (await api.BatchAsync(Lines("ACME", 0, 2 * Day))).Expect(202);
        }

        for (var kill = 1; kill <= 2; kill++)
        {
            await sim.ReportAsync("some have left", _patience, r => r.Accepted >= 80 * kill);
            server.Kill9();
            await server.RespawnAsync();
            await server.ReadyAsync();
        }

        using var again = server.Connect();
        var bucket = await Eventually.GetAsync("the day is used up", _patience, () => BucketAsync(again), b => b.GetProperty("left").GetInt64() == 0);
        Assert.Equal(Day, bucket.GetProperty("used").GetInt64());
        var report = await Eventually.GetAsync("all are answered", _patience, () => sim.ReportAsync(), _ => true);
        output.WriteLine(report.Json.GetProperty("sources").GetRawText());

        // What was in flight at a kill is counted, and once more when it is sent again: never above, and little below.
        Assert.InRange(report.Accepted, Day - (2 * 60), Day);
        Assert.Equal(0, report.Throttled);

        await sim.SetAsync(("source-day", Day + 20));
        var raised = brand.DeepClone();
        raised["PerDay"] = Day + 20;
        (await again.PatchAsync("/v1/channels/carrier", new JsonObject { ["limits"] = new JsonArray(raised) }.ToJsonString())).Expect(200);
        await Eventually.GetAsync("twenty more are counted", _patience, () => BucketAsync(again), b => b.GetProperty("used").GetInt64() == Day + 20);
    }

    private static async Task<JsonElement> BucketAsync(Api api) => (await api.ChannelAsync("carrier")).GetProperty("limits")[0].GetProperty("buckets")[0];

    private static IEnumerable<string> Lines(string from, int first, int count) => Enumerable.Range(first, count).Select(token => Line(from, token));

    private static string Line(string from, int token, string more = "") =>
        $$"""{"to":"{{Texts.To(token)}}","from":"{{from}}","text":"{{Texts.Text(token)}}"{{more}}}""";
}
