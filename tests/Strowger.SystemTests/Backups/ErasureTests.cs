using System.Buffers.Binary;
using System.Text;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Backups;

public sealed class ErasureTests
{
    private const string Victim = "+46701234567";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_erased_number_is_nowhere_and_everybody_else_is_where_he_was()
    {
        using var directory = new TempDirectory();
        var data = directory.File("data");
        await using var sim = await SimProcess.StartAsync("--key-by-token", "--receipt-delay", "10ms");
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port)));
        await using var server = await StrowgerProcess.StartAsync(data, config);
        using var api = server.Connect();
        var sent = (await api.TextAsync(Victim, "a secret for one", "\"reference\":\"his-own\"")).Expect(202).Id!;
        var other = (await api.TextAsync("+46709999999", "for another one")).Expect(202).Id!;
        var waiting = (await api.TextAsync(Victim, "a secret for later", "\"send_at\":\"2099-01-01T00:00:00Z\"")).Expect(202).Id!;
        await api.ReachesAsync(sent, _patience, "delivered");
        await api.ReachesAsync(other, _patience, "delivered");
        await Eventually.TrueAsync("the list has them", _patience, async () => (await api.GetAsync("/v1/messages?to=46701234567")).Expect(200).Body.GetProperty("data").GetArrayLength() == 2);

        // Answered by its carrier in national form.
        await sim.TellAsync("""{"cmd":"mo","from":"0701234567","to":"12345","text":"a secret for us"}""");
        await Eventually.TrueAsync("the text received is listed", _patience, async () => (await api.GetAsync("/v1/inbound")).Expect(200).Body.GetProperty("data").GetArrayLength() == 1);
        var exported = (await Cli.RunAsync("export", "number", Victim, "--data", data)).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, exported.Length);
        Assert.Contains(exported, line => line.Contains("\"written\":\"national\"", StringComparison.Ordinal) && line.Contains("a secret for us", StringComparison.Ordinal));

        (await Cli.RunAsync("erase", Victim, "--data", data)).Expect(1);
        var report = (await Cli.RunAsync("erase", Victim, "--yes", "--json", "--data", data)).Expect(0).Json;
        Assert.Equal(1, report.GetProperty("cancelled").GetInt64());
        Assert.Equal(2, report.GetProperty("messages").GetInt64());
        Assert.Equal(1, report.GetProperty("received").GetInt64());
        Assert.Equal(0, report.GetProperty("in_flight").GetInt64());

        Assert.Equal(0, (await api.GetAsync("/v1/messages?to=46701234567")).Expect(200).Body.GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await api.GetAsync("/v1/inbound")).Expect(200).Body.GetProperty("data").GetArrayLength());
        var erased = await api.MessageAsync(sent);
        Assert.Equal("+1000000", erased.GetProperty("to").GetString());
        Assert.Equal("", erased.GetProperty("text").GetString()!.Trim());
        Assert.Equal("delivered", erased.GetProperty("status").GetString());
        Assert.Equal("cancelled", await api.StatusAsync(waiting));
        Assert.Equal("for another one", (await api.MessageAsync(other)).GetProperty("text").GetString());
        Assert.DoesNotContain("46701234567", (await api.GetAsync("/v1/events")).Expect(200).Body.GetRawText(), StringComparison.Ordinal);
        var audit = (await api.GetAsync("/v1/audit")).Expect(200).Body.GetRawText();
        Assert.Contains("number.erase", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("46701234567", audit, StringComparison.Ordinal);

        // In no file, as digits or as a number; a start finds nothing wrong, nor do lists that are built again.
        Assert.Equal(0, await server.StopAsync());
        AssertIsNowhere(data);
        Directory.Delete(Path.Combine(data, "read"), recursive: true);
        await server.RestartAsync();
        Assert.DoesNotContain(server.Log.All, line => line.Contains("damaged", StringComparison.Ordinal));
        using var again = server.Connect();
        await Eventually.TrueAsync("the list is there again", _patience, async () => (await again.GetAsync("/v1/messages")).Expect(200).Body.GetProperty("data").GetArrayLength() == 3);
        Assert.Equal(0, (await again.GetAsync("/v1/messages?to=46701234567")).Expect(200).Body.GetProperty("data").GetArrayLength());
        Assert.Equal("for another one", (await again.MessageAsync(other)).GetProperty("text").GetString());
    }

    private static void AssertIsNowhere(string data)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, 46701234567);
        var bigEndian = number.Reverse().SkipWhile(b => b == 0).ToArray();
        foreach (var path in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path).AsSpan();
            Assert.True(bytes.IndexOf("701234567"u8) < 0, path);
            Assert.True(bytes.IndexOf("a secret for"u8) < 0, path);
            Assert.True(bytes.IndexOf("his-own"u8) < 0, path);
            Assert.True(bytes.IndexOf(number) < 0, path);
            Assert.True(!path.EndsWith(".db", StringComparison.Ordinal) || bytes.IndexOf(bigEndian) < 0, path + " " + Encoding.ASCII.GetString(bigEndian));
        }
    }
}
