using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Doors;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>The npm package smpp 0.5.1 as a client of the SMPP door.</summary>
[Trait("needs", "peer")]
public sealed class NpmDoorTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_hands_in_texts_of_every_form_and_has_a_receipt_for_each()
    {
        await using var sim = await SimProcess.StartAsync("--receipt-delay", "50ms");
        await using var rig = await DoorRig.StartAsync(sim, Client(("Numbers", new JsonArray("12345"))));
        await using (var wrong = Peer.Node("door.js", "127.0.0.1", rig.PortText, "npm", "guess"))
        {
            Assert.Equal(0x0E, (await wrong.EventAsync("bind")).GetProperty("status").GetInt32());
            await wrong.EventAsync("closed");
        }

        await using var esme = Peer.Node("door.js", "127.0.0.1", rig.PortText, "npm", "secret");
        Assert.Equal(0, (await esme.EventAsync("bind")).GetProperty("status").GetInt32());
        var longText = new string('l', 300);
        await SubmitAsync(esme, 1, """ "text":"Plain" """);
        await SubmitAsync(esme, 2, """ "text":"Кириллица \uD83D\uDCDE" """);
        await SubmitAsync(esme, 3, $$""" "text":"{{longText}}","long":true """);
        await SubmitAsync(esme, 4, """ "hex":"050003aa0201616263","more":{"esm_class":64,"data_coding":0} """);
        await SubmitAsync(esme, 5, """ "hex":"deadbeef00","more":{"data_coding":4} """);
        await SubmitAsync(esme, 6, """ "text":"short","to":"0701234567" """);
        await esme.EventsAsync("submitted", 6);

        var answers = esme.Events("submitted").ToDictionary(e => e.GetProperty("n").GetInt32());
        Assert.Equal([0, 0, 0, 0, 0, 0x0B], answers.OrderBy(a => a.Key).Select(a => a.Value.GetProperty("status").GetInt32()));
        await esme.EventsAsync("receipt", 5);
        Assert.All(esme.Events("receipt"), receipt => Assert.Equal(2, receipt.GetProperty("state").GetInt32()));
        Assert.Equal(
            answers.Values.Where(a => a.GetProperty("status").GetInt32() == 0).Select(a => a.GetProperty("id").GetString()).Order(),
            esme.Events("receipt").Select(receipt => receipt.GetProperty("id").GetString()).Order());
        Assert.All(esme.Events("receipt"), receipt => Assert.StartsWith($"id:{receipt.GetProperty("id").GetString()} sub:001 dlvrd:001 submit date:", receipt.GetProperty("text").GetString(), StringComparison.Ordinal));

        // Six submits: the long one is two parts.
        Assert.Equal(6, (await sim.ReportAsync()).Accepted);
        var id = answers[2].GetProperty("id").GetString()!;
        Assert.Equal("Кириллица \U0001F4DE", (await rig.Api.MessageAsync("msg_" + id)).GetProperty("text").GetString());
        await esme.TellAsync($$"""{"query":"{{id}}"}""");
        Assert.Equal(2, (await esme.EventAsync("state")).GetProperty("state").GetInt32());
        await sim.TellAsync("""{"cmd":"mo","from":"46701112233","to":"12345","text":"Ελλάδα"}""");
        Assert.Equal("Ελλάδα", (await esme.EventAsync("mo")).GetProperty("text").GetString());
        Assert.Equal(6, await rig.CountAsync("npm", "delivered_total", _patience, n => n >= 6));

        // The server goes: it says so, and ends within its time.
        Assert.Equal(0, await rig.Server.StopAsync());
        await esme.EventAsync("told_to_unbind");
    }

    [Fact]
    public async Task Over_its_rate_it_is_told_so_and_everything_arrives_in_the_end()
    {
        await using var sim = await SimProcess.StartAsync();
        await using var rig = await DoorRig.StartAsync(sim, Client(("Rate", 50)));
        await using var esme = Peer.Node("door.js", "127.0.0.1", rig.PortText, "npm", "secret");
        await esme.EventAsync("bind");

        await esme.TellAsync("""{"flood":{"count":150,"window":30,"from":1,"receipts":0}}""");

        var done = await FloodedAsync(esme);
        Assert.True(done.GetProperty("refused").GetProperty("88").GetInt32() > 0);
        var report = await sim.ReportAsync("every text has arrived", _patience, r => r.Distinct >= 150);
        Assert.Equal((150, 0), (report.Accepted, report.Duplicates));
        Assert.Equal(150, (await rig.ClientAsync("npm")).GetProperty("accepted_total").GetInt64());
    }

    [Fact]
    public async Task Whatever_was_acknowledged_arrives_though_the_server_is_killed_while_it_submits()
    {
        const int Count = 6000;
        await using var sim = await SimProcess.StartAsync("--receipt-delay", "100ms");
        await using var rig = await DoorRig.StartAsync(sim, Client(), ("Window", 50));
        await using var esme = Peer.Node("door.js", "127.0.0.1", rig.PortText, "npm", "secret");
        await esme.EventAsync("bind");
        await esme.TellAsync($$$"""{"flood":{"count":{{{Count}}},"window":50,"from":1,"receipts":1}}""");
        var inHand = 0L;
        for (var kill = 1; kill <= 4; kill++)
        {
            await Eventually.GetAsync("more is acknowledged", _patience, () => Task.FromResult(esme.Events("ok").Count), n => n >= kill * Count / 6);
            rig.Server.Kill9();
            await rig.Server.RestartAsync();
            inHand += rig.Server.UnsureAtStart() ?? 0;
        }

        var done = await FloodedAsync(esme);
        var again = done.GetProperty("again").GetInt32();
        var report = await sim.ReportAsync("every acknowledged text has arrived", _patience, r => r.Distinct >= Count);
        Assert.Equal(Count, report.Distinct);

        // Twice only what was not answered before a kill: to the client by us, to us by the carrier.
        Assert.True(report.Duplicates <= again + inHand, $"{report.Duplicates} arrived twice; {again} were submitted again, {inHand} in hand at the kills.");

        // Every acknowledged text has its receipt, too.
        var ids = esme.Events("ok").Select(e => e.GetProperty("id").GetString()!).ToHashSet();
        await Eventually.GetAsync("receipts of all", _patience, async () =>
        {
            await esme.TellAsync("""{"receipts":true}""");
            var got = esme.Events("receipts").LastOrDefault();
            return got.ValueKind == JsonValueKind.Undefined ? ids.Count : got.GetProperty("missing").GetInt32();
        }, missing => missing == 0);
    }

    private static async Task<JsonElement> FloodedAsync(NodePeer esme) =>
        (await Eventually.GetAsync("all are acknowledged", _patience, () => Task.FromResult(esme.Events("flooded")), found => found.Count > 0))[0];

    private static Task SubmitAsync(NodePeer esme, int n, string fields)
    {
        var submit = JsonNode.Parse("{" + fields + "}")!.AsObject();
        submit["n"] = n;
        submit["to"] ??= string.Create(CultureInfo.InvariantCulture, $"4670{n:D7}");
        return esme.TellAsync(new JsonObject { ["submit"] = submit }.ToJsonString());
    }

    private static JsonObject Client(params (string Key, JsonNode Value)[] more)
    {
        var client = new JsonObject { ["SystemId"] = "npm", ["Password"] = "secret" };
        foreach (var (key, value) in more)
        {
            client[key] = value;
        }

        return client;
    }
}
