using System.Globalization;
using System.Text.RegularExpressions;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Doors;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>Strowger as Kannel's carrier for one prefix, as docs/from-kannel.md describes it: both counts compared, and the way back.</summary>
[Trait("needs", "peer")]
public sealed partial class KannelBesideTests
{
    private const int Each = 60;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_carries_one_prefix_counts_the_same_and_is_taken_out_by_one_line()
    {
        await using var before = await SimProcess.StartAsync("--system-id", "kannel", "--password", "secret", "--receipt-delay", "100ms");
        await using var behind = await SimProcess.StartAsync("--receipt-delay", "100ms");
        await using var rig = await DoorRig.StartAsync(behind, new JsonObject { ["SystemId"] = "kannel", ["Password"] = "secret" });
        await using var kannel = await Kannel.StartAsync(before.Port, Group(rig.Port));
        await kannel.ReadyToSendAsync();
        await before.ReportAsync("bearerbox has bound to the carrier", _patience, r => r.BindsNow == 1);
        await Eventually.TrueAsync("bearerbox has bound to Strowger", _patience, async () => (await rig.ClientAsync("kannel")).GetProperty("bound").GetBoolean());

        for (var n = 1; n <= Each; n++)
        {
            var wide = n % Samples.Forms is 2 or 3 or 5;
            Assert.StartsWith("202 ", await kannel.SendAsync(Direct(n), Samples.Text(n), wide), StringComparison.Ordinal);
            Assert.StartsWith("202 ", await kannel.SendAsync(Moved(n), Samples.Text(n), wide), StringComparison.Ordinal);
        }

        // Kannel divides long texts itself; each part is a submit of its own with its header, and stays one.
        var parts = Enumerable.Range(1, Each).Sum(Samples.Parts);
        foreach (var sim in (SimProcess[])[before, behind])
        {
            var report = await sim.ReportAsync("every part has arrived", _patience, r => r.Distinct >= parts && r.Accepted >= parts);
            Assert.Equal((parts, parts, 0L), (report.Accepted, report.Distinct, report.Duplicates));
        }

        await Eventually.GetAsync(
            "Kannel has a delivery report for every text", _patience, () => Task.FromResult(kannel.Reports.Values.Count(r => r.Contains("1"))), n => n == 2 * Each);
        Assert.All(kannel.Reports.Values, r => Assert.DoesNotContain(r, type => type is not ("1" or "8")));
        await rig.CountAsync("kannel", "waiting", _patience, n => n == 0);
        var client = await rig.ClientAsync("kannel");
        // It asks for one receipt a text.
        Assert.Equal((parts, 0L, Each), (client.GetProperty("accepted_total").GetInt64(), client.GetProperty("refused_total").GetInt64(), client.GetProperty("delivered_total").GetInt64()));

        // Kannel counts a long text once, we count its parts as the carrier does.
        Assert.Equal(Each, Sent(await kannel.AdminAsync("status.txt"), "beside"));

        // The way back while it runs: one line to Kannel's administration, and the carrier gets the prefix again.
        await kannel.AdminAsync("stop-smsc?smsc=beside");
        await Eventually.TrueAsync("bearerbox has left Strowger", _patience, async () => !(await rig.ClientAsync("kannel")).GetProperty("bound").GetBoolean());
        await kannel.SendAsync(Moved(Each + 1), "Back again", wide: false);
        await before.ReportAsync("the text has gone the old way", _patience, r => r.Accepted == parts + 1);

        // The way back for good: the line with the group's include is gone.
        await kannel.RestartAsync(before.Port);
        await kannel.ReadyToSendAsync();
        await before.ReportAsync("bearerbox has bound to the carrier", _patience, r => r.BindsNow == 1);
        await kannel.SendAsync(Moved(Each + 2), "Back for good", wide: false);
        await before.ReportAsync("the text has gone the old way", _patience, r => r.Accepted == parts + 2);
        Assert.Equal(parts, (await behind.ReportAsync()).Accepted);
    }

    private static string Direct(int n) => string.Create(CultureInfo.InvariantCulture, $"4670{n:D7}");

    private static string Moved(int n) => string.Create(CultureInfo.InvariantCulture, $"4673{n:D7}");

    /// <summary>As in docs/from-kannel.md.</summary>
    private static string Group(int port) => $"""
        group = smsc
        smsc = smpp
        smsc-id = beside
        host = 127.0.0.1
        port = {port}
        transceiver-mode = true
        smsc-username = kannel
        smsc-password = secret
        system-type = ""
        max-pending-submits = 50
        allowed-prefix = "4673"
        preferred-prefix = "4673"
        """.Replace("        ", "", StringComparison.Ordinal);

    private static long Sent(string status, string smsc)
    {
        var line = status.Split('\n').Single(l => l.Contains(smsc + "[", StringComparison.Ordinal));
        var sent = SentCount().Match(line);
        Assert.True(sent.Success, line);
        return long.Parse(sent.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"sent: sms (\d+)|sent (\d+)")]
    private static partial Regex SentCount();
}
