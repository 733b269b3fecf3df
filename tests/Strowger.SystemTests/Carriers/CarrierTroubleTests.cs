using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Carriers;

/// <summary>Whatever the carrier does: nothing is lost, the channel says what is the matter, the others do not feel it, and it comes back by itself.</summary>
public sealed class CarrierTroubleTests
{
    private const int Count = 1000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Killed()
    {
        await using var rig = await CarrierRig.StartAsync(["--delay", "10ms"]);
        await rig.SendAsync(1, Count);
        await rig.Carrier.ReportAsync("a part of them has arrived", _patience, r => r.Distinct > Count / 4);
        rig.Carrier.Kill9();
        await rig.StateAsync(_soon, "down", "nothing listens there");
        await rig.OtherIsUnaffectedAsync();

        // Both binds are gone by now: an answer of the killed one can no longer be on its way.
        var goneAt = DateTimeOffset.UtcNow;
        await rig.Carrier.RestartAsync();
        await rig.SettledAsync(_patience);
        await rig.StateAsync(_soon, "up");

        // Its counts went with it: who was answered before is known here, and all the others must be with the new one.
        var before = 0;
        foreach (var id in rig.Ids)
        {
            var sentAt = (await rig.Api.MessageAsync(id)).GetProperty("sent_at").GetDateTimeOffset();
            before += sentAt < goneAt ? 1 : 0;
        }

        // What it had received, but not yet answered or sent, went with it: fewer than it reported may count.
        Assert.InRange(before, 1, Count - 1);
        Assert.Equal(Count - before, (await rig.Carrier.ReportAsync()).Distinct);
    }

    [Fact]
    public async Task Silent()
    {
        await using var rig = await CarrierRig.StartAsync(["--delay", "5ms"]);
        await rig.SendAsync(1, Count / 4);
        await rig.Carrier.SetAsync(("black_hole", true));
        await rig.SendAsync((Count / 4) + 1, Count / 4);
        await rig.Carrier.ReportAsync("it swallows", _patience, r => r.Swallowed > 20);
        await rig.OtherIsUnaffectedAsync();
        await rig.Carrier.SetAsync(("black_hole", false));
        var report = await rig.AllArrivedAsync(_patience, Count / 2);
        Assert.Equal(0, report.Duplicates);
    }

    [Fact]
    public async Task Cut_half_open()
    {
        TcpRelay? relay = null;
        await using var rig = await CarrierRig.StartAsync(["--delay", "10ms"], sim => (relay = new TcpRelay(sim.EndPoint)).Port);
        await using var closing = relay!;
        await rig.SendAsync(1, Count);
        await rig.Carrier.ReportAsync("a part of them has arrived", _patience, r => r.Distinct > Count / 4);
        relay!.Stall();
        await Eventually.TrueAsync(
            "both binds are made anew", _soon,
            async () => (await rig.Api.ChannelAsync("troubled")).GetProperty("binds").EnumerateArray().All(b => b.GetProperty("bound_times").GetInt64() > 1));
        await rig.OtherIsUnaffectedAsync();
        var report = await rig.AllArrivedAsync(_patience, Count);

        // Twice are at most those that were unanswered when the line went deaf.
        Assert.InRange(report.Duplicates, 0, 40);
        Assert.True(relay.Swallowed > 0);
    }

    [Fact]
    public async Task Refusing_binds()
    {
        await using var rig = await CarrierRig.StartAsync(["--refuse-binds", "0x0D"]);
        await rig.SendAsync(1, 100);
        var channel = await rig.StateAsync(_soon, "down", "the bind was refused");
        Assert.Contains("ESME_RBINDFAIL", channel.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await rig.OtherIsUnaffectedAsync();
        await rig.Carrier.SetAsync(("refuse_binds", "0x00"));
        await rig.AllArrivedAsync(_patience, 100);
        await rig.StateAsync(_soon, "up");
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_not_tried_again_and_again()
    {
        await using var rig = await CarrierRig.StartAsync(["--password", "other"]);
        await rig.SendAsync(1, 100);
        var channel = await rig.StateAsync(_soon, "down", "password");
        Assert.All(channel.GetProperty("binds").EnumerateArray(), b => Assert.Equal("refused", b.GetProperty("state").GetString()));
        await rig.OtherIsUnaffectedAsync();
        Assert.Equal(2, (await rig.Carrier.ReportAsync()).BindsRefused);

        // The right one, while it runs.
        (await rig.Api.PatchAsync("/v1/channels/troubled", """{"password":"other"}""")).Expect(200);
        await rig.AllArrivedAsync(_patience, 100);
    }

    [Fact]
    public async Task Reading_slowly()
    {
        // Answers take longer than the response timer now and then: a late answer must still count.
        await using var rig = await CarrierRig.StartAsync(["--read-delay", "700ms"]);
        await rig.SendAsync(1, Count / 2);
        await rig.Carrier.ReportAsync("some have arrived", _patience, r => r.Distinct > 10);
        await rig.OtherIsUnaffectedAsync();
        await rig.Carrier.SetAsync(("read_delay", "0ms"));
        var report = await rig.AllArrivedAsync(_patience, Count / 2);
        Assert.Equal(0, report.Duplicates);
    }

    [Fact]
    public async Task Hanging_up_again_and_again()
    {
        await using var rig = await CarrierRig.StartAsync(["--delay", "20ms", "--mean-disconnect", "300ms", "--seed", "7"]);
        await rig.SendAsync(1, Count);
        await rig.OtherIsUnaffectedAsync();
        await rig.Carrier.ReportAsync("it has hung up often", _patience, r => r.BindsTotal > 8);
        await rig.Carrier.SetAsync(("mean_disconnect", "0ms"));
        var report = await rig.AllArrivedAsync(_patience, Count);
        Assert.InRange(report.Duplicates, 0, 20 * report.BindsTotal);
    }
}
