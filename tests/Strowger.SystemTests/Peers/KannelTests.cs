using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>Kannel as an ESME on our simulated carrier.</summary>
[Trait("needs", "peer")]
public sealed class KannelTests
{
    private const int Count = 200;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task It_sends_texts_in_all_forms_and_gets_its_receipts()
    {
        await using var sim = await SimProcess.StartAsync("--system-id", "kannel", "--password", "secret", "--delay", "2ms", "--receipt-delay", "100ms");
        await using var kannel = await Kannel.StartAsync(sim.Port);
        await kannel.ReadyToSendAsync();
        await sim.ReportAsync("bearerbox has bound", _patience, r => r.BindsNow == 1);
        for (var n = 1; n <= Count; n++)
        {
            var form = n % Samples.Forms;
            var answer = await kannel.SendAsync(Samples.To(n), Samples.Text(n), wide: form is 2 or 3 or 5);
            Assert.StartsWith("202 ", answer, StringComparison.Ordinal);
        }

        // Parts are told apart by their user data, header included.
        var parts = Enumerable.Range(1, Count).Sum(Samples.Parts);
        var report = await sim.ReportAsync("every part has arrived", _patience, r => r.Distinct >= parts);
        Assert.Equal((parts, parts, 0L), (report.Accepted, report.Distinct, report.Duplicates));
        await Eventually.GetAsync(
            "Kannel has a delivery report for every text", _patience, () => Task.FromResult(kannel.Reports.Values.Count(r => r.Contains("1"))), n => n == Count);
        Assert.All(kannel.Reports.Values, r => Assert.Contains("8", r));
        Assert.All(kannel.Reports.Values, r => Assert.DoesNotContain(r, type => type is not ("1" or "8")));

        await sim.TellAsync("""{"cmd":"mo","from":"46701112233","to":"12345","text":"STOP please"}""");
        await Eventually.TrueAsync("Kannel has the incoming text", _patience, () => Task.FromResult(!kannel.Incoming.IsEmpty));
        Assert.Equal("STOP please", kannel.Incoming.First());
    }
}
