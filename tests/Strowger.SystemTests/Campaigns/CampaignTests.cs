using System.Globalization;
using System.Text;
using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Campaigns;

public sealed class CampaignTests(ITestOutputHelper output)
{
    private const int Rows = 50_000;
    private const int Width = 100;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    /// <summary>A campaign over its whole life: held, killed while held, let go, killed on the way, done.</summary>
    [Fact]
    public async Task Held_let_go_and_killed_it_sends_every_row_once()
    {
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--key-by-token", "--rate", "4000", "--bucket", "100ms", "--delay", "5ms", "--receipt-delay", "200ms");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("Window", Width / 2), ("Rate", 4000))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        var csv = directory.Write("rows.csv", "to,token\n" + string.Concat(Enumerable.Range(0, Rows).Select(n => $"{46_700_000_000 + n},{n}\n")) + "12,wrong\n");

        var made = (await Cli.RunAsync("campaigns", "create", "--csv", csv, "--text", "Hello {token}", "--from", "Strowger", "--name", "May", "--key", "may", "--json", "--data", directory.File("data"))).Expect(0);
        var id = made.Json.GetProperty("id").GetString()!;
        Assert.Equal((Rows + 1, 1), (made.Json.GetProperty("rows").GetInt32(), made.Json.GetProperty("bad_rows").GetInt32()));
        await sim.ReportAsync("some have left", _patience, r => r.Distinct > Rows / 20);

        // What is on the wire arrives; then nothing more, also not from a new process.
        Assert.Equal("paused", (await TurnAsync(api, id, "pause")).GetProperty("state").GetString());
        await IdleAsync(api);
        var held = (await sim.ReportAsync()).Submits;
        server.Kill9();
        await server.RestartAsync();
        await sim.ReportAsync("it is bound again", _patience, r => r.BindsNow >= 2);
        await Eventually.GetAsync("the campaign is held", _patience, () => ShowAsync(api, id), c => c.GetProperty("state").GetString() == "paused");
        await IdleAsync(api);
        var unsure = (await sim.ReportAsync()).Submits - held;
        Assert.InRange(unsure, 0, Width);

        await TurnAsync(api, id, "resume");
        await sim.ReportAsync("it goes on", _patience, r => r.Distinct > Rows / 2);
        server.Kill9();
        await server.RestartAsync();
        var again = (await Cli.RunAsync("campaigns", "create", "--csv", csv, "--text", "Hello {token}", "--from", "Strowger", "--name", "May", "--key", "may", "--json", "--data", directory.File("data"))).Expect(0);
        Assert.Equal(id, again.Json.GetProperty("id").GetString());

        var report = await sim.ReportAsync("all have arrived", _patience, r => r.Distinct >= Rows);
        var done = await Eventually.GetAsync("it is done", _patience, () => ShowAsync(api, id), c => c.GetProperty("state").GetString() == "done" && Progress(c, "gone") == Rows);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Submits} submits, {report.Duplicates} twice; {done}"));
        Assert.Equal(Rows, report.Distinct);
        Assert.True(report.Duplicates <= 2 * Width, $"{report.Duplicates} were sent twice; at most what was in hand at two kills may be.");
        Assert.Equal(Rows, Progress(done, "made_texts"));
        Assert.Equal(Rows, (await api.GetAsync($"/v1/messages?campaign={id}&count=1&limit=1")).Expect(200).Number("count"));

        var results = (await Cli.RunAsync(["campaigns", "results", id, "--data", directory.File("data")], null, _patience)).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Rows + 2, results.Length);
        Assert.Equal(Rows, results.Skip(1).Select(line => line.Split(',')[2]).Where(to => to.Length > 0).Distinct().Count());
        Assert.StartsWith($"{Rows + 2},,,rejected,", results[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_share_a_channel_the_small_one_passes_and_the_large_one_is_ended_at_once()
    {
        const int Large = 40_000;
        const int Small = 300;
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--rate", "500", "--bucket", "100ms");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 1), ("Window", 50), ("Rate", 500))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();

        var large = await CreateAsync(api, "large", Large, 46_700_000_000);
        await Eventually.GetAsync("it has its seconds' worth waiting", _patience, () => ShowAsync(api, large), c => Progress(c, "queued_parts") > 5_000);
        var small = await CreateAsync(api, "small", Small, 46_730_000_000);
        await Eventually.GetAsync("the small one is done", _patience, () => ShowAsync(api, small), c => c.GetProperty("state").GetString() == "done" && Progress(c, "gone") == Small);
        Assert.Equal("running", (await ShowAsync(api, large)).GetProperty("state").GetString());

        // From its first acceptance to its last hand-over the small one had its half, less what was leased before.
        var mine = await SentAsync(directory, small);
        var from = mine.Min(text => text.Accepted);
        var to = mine.Max(text => text.Sent);
        var others = (await SentAsync(directory, large)).Count(text => text.Sent > from && text.Sent <= to);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{others} of the large one left while {Small} of the small one did, in {(to - from).TotalMilliseconds:0} ms"));
        Assert.InRange(others, 0, 3 * Small);

        Assert.Contains((await TurnAsync(api, large, "cancel")).GetProperty("state").GetString(), new[] { "cancelling", "cancelled" });
        await IdleAsync(api);
        var ended = (await sim.ReportAsync()).Submits;
        var over = await Eventually.GetAsync("it is ended", _patience, () => ShowAsync(api, large), c => c.GetProperty("state").GetString() == "cancelled" && ByStatus(c, "cancelled") > 0);
        Assert.Equal(ended, (await sim.ReportAsync()).Submits);
        Assert.Equal(0, await api.LiveAsync());
        Assert.True(Progress(over, "made_texts") < Large);
        Assert.Equal(409, (await api.SendAsync(HttpMethod.Post, $"/v1/campaigns/{large}/resume", null)).Status);
    }

    private static async Task<string> CreateAsync(Api api, string name, int rows, long first)
    {
        var csv = "to\n" + string.Concat(Enumerable.Range(0, rows).Select(n => $"{first + n}\n"));
        using var form = new MultipartFormDataContent
        {
            { new StringContent(csv, Encoding.UTF8, "text/csv"), "file", "rows.csv" },
            { new StringContent($$"""{"name":"{{name}}","from":"Strowger","text":"Hello from {{name}}"}""", Encoding.UTF8, "application/json"), "campaign" },
        };
        return (await api.SendAsync(HttpMethod.Post, "/v1/campaigns", form)).Expect(202).Id!;
    }

    private static async Task<JsonElement> TurnAsync(Api api, string id, string verb) => (await api.SendAsync(HttpMethod.Post, $"/v1/campaigns/{id}/{verb}", null)).Expect(200).Body;

    private static async Task<JsonElement> ShowAsync(Api api, string id) => (await api.GetAsync($"/v1/campaigns/{id}")).Expect(200).Body;

    private static Task IdleAsync(Api api) =>
        Eventually.GetAsync("nothing is on the wire", _patience, async () => (await api.ChannelAsync("carrier")).GetProperty("in_flight").GetInt64(), n => n == 0);

    private static long Progress(JsonElement campaign, string name) => campaign.GetProperty("progress").GetProperty(name).GetInt64();

    private static long ByStatus(JsonElement campaign, string status) =>
        campaign.GetProperty("progress").GetProperty("by_status").TryGetProperty(status, out var count) ? count.GetInt64() : 0;

    private static async Task<List<(DateTimeOffset Accepted, DateTimeOffset Sent)>> SentAsync(TempDirectory directory, string id)
    {
        var run = (await Cli.RunAsync(["campaigns", "results", id, "--data", directory.File("data")], null, _patience)).Expect(0);
        return [.. run.Out.Split('\n').Skip(1).Select(line => line.Split(',')).Where(f => f.Length > 8 && f[8].Length > 0).Select(f => (Time(f[7]), Time(f[8])))];
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
