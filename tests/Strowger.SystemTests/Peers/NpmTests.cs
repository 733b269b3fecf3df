using System.Globalization;
using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>The npm package smpp 0.5.1 at the other end, either way.</summary>
[Trait("needs", "peer")]
public sealed class NpmTests
{
    private const int Count = 300;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("udh")]
    [InlineData("sar")]
    [InlineData("payload")]
    public async Task As_a_carrier_it_gets_every_text_whole_and_its_receipts_find_them(string form)
    {
        int PartsOf(int n) => form == "payload" ? 1 : Samples.Parts(n);
        using var directory = new TempDirectory();
        await using var carrier = Peer.Node("carrier.js", "strowger", "secret");
        var port = (await carrier.EventAsync("ready")).GetProperty("port").GetInt32();
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("npm", port, ("Binds", 2), ("Window", 20), ("LongMessages", form))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        var ids = new List<string>();
        for (var n = 1; n <= Count; n++)
        {
            var answer = (await api.TextAsync("+" + Samples.To(n), Samples.Text(n))).Expect(202);
            Assert.Equal(Samples.Parts(n), answer.Number("segments"));
            ids.Add(answer.Id!);
        }

        foreach (var id in ids)
        {
            await api.ReachesAsync(id, _patience, "delivered");
        }

        var got = carrier.Events("text").ToDictionary(t => t.GetProperty("to").GetString()!, t => t);
        Assert.Equal(Count, got.Count);
        for (var n = 1; n <= Count; n++)
        {
            var (expected, text) = (Samples.Parts(n) > 1 ? form : "short", got[Samples.To(n)]);
            Assert.Equal(
                (Samples.Text(n), PartsOf(n), expected),
                (text.GetProperty("text").GetString(), text.GetProperty("parts").GetInt32(), text.GetProperty("form").GetString()));
        }

        // The link checked and given up from the other side.
        await carrier.TellAsync("""{"enquire":true}""");
        await carrier.EventAsync("alive");
        await carrier.TellAsync("""{"unbind":true}""");
        await carrier.EventsAsync("bind", 4);
        Assert.Equal(2, carrier.Events("unbind_resp").Count);

        // Our own goodbye.
        Assert.Equal(0, await server.StopAsync());
        await carrier.EventsAsync("unbind", 2);
        Assert.Equal(Enumerable.Range(1, Count).Sum(PartsOf), carrier.Events("deliver_sm_resp").Count);
        Assert.All(carrier.Events("deliver_sm_resp"), e => Assert.Equal(0, e.GetProperty("status").GetInt32()));
        Assert.True(carrier.Events("error").Count == 0, carrier.Process.Out.Tail());
        Assert.Empty(carrier.Events("receipt_refused"));
    }

    [Fact]
    public async Task Parameters_of_ones_own_go_out_and_come_back()
    {
        using var directory = new TempDirectory();
        await using var carrier = Peer.Node("carrier.js", "strowger", "secret");
        var port = (await carrier.EventAsync("ready")).GetProperty("port").GetInt32();
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("npm", port)));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        var id = (await api.TextAsync("+46701234567", Samples.Text(4), "\"tlvs\":{\"0x1400\":\"0a0b0c\"}")).Expect(202).Id!;
        await api.ReachesAsync(id, _patience, "delivered");
        Assert.Equal("0a0b0c", (await carrier.EventAsync("text")).GetProperty("vendor").GetString());
        var timeline = (await api.MessageAsync(id)).GetProperty("timeline").EnumerateArray().ToArray();
        Assert.Equal(3, timeline.Count(item => item.TryGetProperty("detail", out var detail) && detail.GetString()?.EndsWith("0x1400:0a0b0c", StringComparison.Ordinal) == true));

        await carrier.TellAsync("""{"mo":{"from":"46701112233","to":"12345","text":"in","vendor":"beef"}}""");
        await Eventually.GetAsync(
            "the text is listed with its parameter", _patience, async () => (await api.GetAsync("/v1/inbound")).Expect(200).Body.GetProperty("data"),
            rows => rows.GetArrayLength() == 1 && rows[0].GetProperty("tlvs").GetProperty("0x1400").GetString() == "beef");
    }

    [Fact]
    public async Task As_an_ESME_it_is_served_by_the_simulated_carrier()
    {
        await using var sim = await SimProcess.StartAsync("--system-id", "npm", "--password", "secret", "--key-by-token", "--delay", "2ms", "--receipt-delay", "50ms");
        await using (var wrong = Peer.Node("esme.js", "127.0.0.1", Text(sim.Port), "npm", "guess", "1"))
        {
            Assert.Equal(0x0E, (await wrong.EventAsync("bind")).GetProperty("status").GetInt32());
            await wrong.EventAsync("closed");
        }

        await using var esme = Peer.Node("esme.js", "127.0.0.1", Text(sim.Port), "npm", "secret", Text(Count));
        Assert.Equal(0, (await esme.EventAsync("bind")).GetProperty("status").GetInt32());
        var done = await esme.EventAsync("done");
        Assert.Equal(
            (Count, 0, Count, 0),
            (Number(done, "ok"), Number(done, "refused"), Number(done, "receipts"), Number(done, "strange")));
        var report = await sim.ReportAsync();
        Assert.Equal((Count, Count, 0), (report.Accepted, report.Distinct, report.Duplicates));

        await sim.TellAsync("""{"cmd":"mo","from":"46701112233","to":"12345","text":"Ελλάδα"}""");
        var mo = await esme.EventAsync("mo");
        Assert.Equal("Ελλάδα", mo.GetProperty("text").GetString());
        await esme.EventAsync("alive");
        await esme.TellAsync("""{"stop":true}""");
        await esme.EventAsync("unbound");
        await sim.ReportAsync("it has left", _patience, r => r.BindsNow == 0);
        Assert.Empty(esme.Events("error"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

}
