using System.Globalization;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>Wireshark's dissector, which knows nothing of us, reads what we put on the wire.</summary>
[Trait("needs", "peer")]
public sealed class TsharkTests
{
    private const int Count = 300;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("udh")]
    [InlineData("sar")]
    [InlineData("payload")]
    public async Task It_finds_nothing_malformed_and_reads_what_was_sent(string form)
    {
        int PartsOf(int n) => form == "payload" ? 1 : Samples.Parts(n);
        var dumpcap = Peer.Need("dumpcap", "tshark");
        var tshark = Peer.Need("tshark", "tshark");
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--delay", "1ms", "--receipt-delay", "50ms", "--mo-rate", "20");
        var file = directory.File("smpp.pcapng");
        await using var capture = ChildProcess.Start(dumpcap, ["-q", "-i", "lo", "-f", $"tcp port {sim.Port}", "-w", file]);
        var started = await capture.Error.WaitAsync(0, l => l.StartsWith("File:", StringComparison.Ordinal), _patience);
        Assert.True(started is not null, "dumpcap cannot capture on lo: run the tests as root, or: dpkg-reconfigure wireshark-common and join its group. " + capture.Error.Tail());
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Binds", 2), ("EnquireLink", "1s"), ("LongMessages", form))));
        await using (var server = await StrowgerProcess.StartAsync(directory.File("data"), config))
        {
            using var api = server.Connect();
            (await api.BatchAsync(Enumerable.Range(1, Count).Select(n => Api.Message("+" + Samples.To(n), Samples.Text(n))))).Expect(202);
            await sim.ReportAsync("receipts are here", _patience, r => r.ReceiptsDelivered >= Enumerable.Range(1, Count).Sum(PartsOf));
            Assert.Equal(0, await server.StopAsync());
        }

        await sim.ReportAsync("the binds are gone", _patience, r => r.BindsNow == 0);
        var decode = new[] { "-r", file, "-d", $"tcp.port=={sim.Port},smpp" };
        async Task<string[]> ReadAsync(params string[] more)
        {
            await using var run = ChildProcess.Start(tshark, [.. decode, .. more]);
            Assert.True(await run.ExitAsync(_patience) is 0 or 2, run.Error.Tail());
            return [.. run.Out.All.Where(l => l.Length > 0)];
        }

        // What is captured is written a moment later: the last thing is the unbind of both binds, and its answers.
        await Eventually.GetAsync(
            "the capture is complete", _patience,
            async () => (await ReadAsync("-Y", "smpp.command_id == 0x80000006", "-T", "fields", "-e", "smpp.command_id")).Length, n => n >= 2);
        capture.Terminate();
        await capture.ExitAsync(_patience);

        Assert.Empty(await ReadAsync("-Y", "_ws.malformed || _ws.expert.severity == error"));

        // Towards the carrier only submit_sm has a destination and a text. Several PDUs are in one frame: what they hold comes as one list.
        string[] Fields(string[] lines) => [.. lines.SelectMany(line => line.Split('|', StringSplitOptions.RemoveEmptyEntries))];
        var only = new[] { "-Y", $"smpp.command_id == 4 && tcp.dstport == {sim.Port}", "-T", "fields", "-E", "aggregator=|", "-e" };
        var numbers = Fields(await ReadAsync([.. only, "smpp.destination_addr"])).CountBy(to => to).ToDictionary();
        var texts = Fields(await ReadAsync([.. only, "smpp.message_text", "-o", "smpp.decode_sms_over_smpp:gsm7"])).CountBy(Plain).ToDictionary();
        var several = Enumerable.Range(1, Count).Where(n => Samples.Parts(n) > 1).ToArray();
        Assert.Equal(form == "sar" ? several.Sum(Samples.Parts) : 0, Fields(await ReadAsync([.. only, "smpp.sar_segment_seqnum"])).Length);
        Assert.Equal(form == "payload" ? several.Length : 0, Fields(await ReadAsync([.. only, "smpp.message_payload"])).Length);
        Assert.Equal(Count, numbers.Count);
        for (var n = 1; n <= Count; n++)
        {
            Assert.Equal(PartsOf(n), numbers[Samples.To(n)]);
            if (Samples.Parts(n) == 1)
            {
                Assert.Equal(1, texts.GetValueOrDefault(Plain(Samples.Text(n))));
            }
        }
    }

    /// <summary>The dissector takes UCS-2 by the letter: what lies beyond its plane it shows as unknown.</summary>
    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c) && c != '\uFFFD'));
}
