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

    [Fact]
    public async Task A_text_cancelled_before_it_leaves_reaches_no_carrier_and_one_that_has_left_cannot_be_cancelled()
    {
        await using var sim = await SimProcess.StartAsync("--receipt-delay", "20ms");
        await using var rig = await DoorRig.StartAsync(sim, Client());
        await using var esme = Peer.Node("door.js", "127.0.0.1", rig.PortText, "npm", "secret");
        await esme.EventAsync("bind");
        await SubmitAsync(esme, 1, """ "text":"in an hour","more":{"schedule_delivery_time":"000000010000000R"} """);
        await esme.EventsAsync("submitted", 1);
        var later = esme.Events("submitted")[0].GetProperty("id").GetString()!;

        await esme.TellAsync($$"""{"cancel":"{{later}}"}""");

        Assert.Equal(0, (await esme.EventAsync("cancelled")).GetProperty("status").GetInt32());
        var receipt = await esme.EventAsync("receipt");
        Assert.Equal((later, 4), (receipt.GetProperty("id").GetString(), receipt.GetProperty("state").GetInt32()));
        Assert.Contains("stat:DELETED", receipt.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("cancelled", (await rig.Api.MessageAsync("msg_" + later)).GetProperty("status").GetString());

        await SubmitAsync(esme, 2, """ "text":"now" """);
        await esme.EventsAsync("receipt", 2);
        var sent = esme.Events("receipt")[1].GetProperty("id").GetString();
        await esme.TellAsync($$"""{"cancel":"{{sent}}"}""");
        await esme.EventsAsync("cancelled", 2);
        Assert.Equal(0x11, esme.Events("cancelled")[1].GetProperty("status").GetInt32());
        Assert.Equal(1, (await sim.ReportAsync()).Submits);
    }

    [Fact]
    public async Task By_TLS_it_hands_in_and_who_speaks_none_is_told_so_here_and_there()
    {
        await using var sim = await SimProcess.StartAsync("--receipt-delay", "20ms");
        PemFiles pem = null!;
        await using var rig = await DoorRig.OpenAsync(sim, Client(), directory => pem = PemFiles.Make(directory));
        await using var plain = Peer.Node("door.js", "localhost", rig.PortText, "npm", "secret");
        await rig.Server.Log.WaitAsync(0, line => line.Contains("the ESME speaks no TLS, and this port nothing else", StringComparison.Ordinal), _patience);
        await using var wrong = Peer.Node("door.js", "localhost", rig.PortText, "npm", "guess", pem.Certificate);
        Assert.Equal(0x0E, (await wrong.EventAsync("bind")).GetProperty("status").GetInt32());
        await rig.Server.Log.WaitAsync(0, line => line.Contains("a bind of npm at", StringComparison.Ordinal) && line.Contains("wrong password", StringComparison.Ordinal), _patience);

        await using var esme = Peer.Node("door.js", "localhost", rig.PortText, "npm", "secret", pem.Certificate);
        Assert.Equal(0, (await esme.EventAsync("bind")).GetProperty("status").GetInt32());
        await SubmitAsync(esme, 1, """ "text":"Кириллица" """);

        Assert.Equal(2, (await esme.EventAsync("receipt")).GetProperty("state").GetInt32());
        Assert.Equal("TLS 1.3", (await rig.ClientAsync("npm")).GetProperty("binds")[0].GetProperty("tls").GetString());
        Assert.DoesNotContain(plain.Events("bind"), bind => bind.GetProperty("status").GetInt32() == 0);
    }

    [Fact]
    public async Task A_client_added_while_the_server_runs_hands_in_and_is_still_there_after_a_kill()
    {
        await using var sim = await SimProcess.StartAsync("--receipt-delay", "20ms");
        await using var rig = await DoorRig.OpenAsync(sim, null, null);
        (await rig.Api.PostAsync("/v1/smpp/clients", """{"system_id":"npm","password":"secret","rate":100}""")).Expect(201);
        rig.Server.Kill9();
        await rig.Server.RestartAsync();

        await using var esme = Peer.Node("door.js", "127.0.0.1", rig.PortText, "npm", "secret");
        Assert.Equal(0, (await esme.EventAsync("bind")).GetProperty("status").GetInt32());
        await SubmitAsync(esme, 1, """ "text":"Hello" """);
        Assert.Equal(2, (await esme.EventAsync("receipt")).GetProperty("state").GetInt32());

        // Removed: it is told to unbind, and hears that the password is none of ours when it comes again.
        Assert.Equal(204, (int)(await rig.Api.SendAsync(HttpMethod.Delete, "/v1/smpp/clients/npm", null)).Status);
        await esme.EventAsync("told_to_unbind");
        await esme.EventsAsync("bind", 2);
        Assert.Equal(0x0E, esme.Events("bind")[1].GetProperty("status").GetInt32());
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
