using System.Globalization;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Backups;

public sealed class BackupTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    /// <summary>The box is gone a moment after its backup; another one goes on where the backup was.</summary>
    [Fact]
    public async Task A_backup_made_while_sending_goes_on_sending_on_an_empty_box()
    {
        const int Before = 3000;
        const int After = 200;
        using var directory = new TempDirectory();
        await using var sim = await SimProcess.StartAsync("--key-by-token");

        // So slow that nearly all wait, however long a backup takes here; on the other box fast.
        var slow = directory.Write("slow.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Rate", 20))));
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port, ("Rate", 2000))));
        var backups = directory.File("backups");
        string first;
        await using (var server = await StrowgerProcess.StartAsync(directory.File("data"), slow))
        {
            using var api = server.Connect();
            (await api.BatchAsync(Texts.Lines(1, Before))).Expect(202);
            first = (await api.TextAsync(Texts.To(Before + 1), Texts.Text(Before + 1))).Expect(202).Id!;
            await sim.ReportAsync("sending has begun", _patience, r => r.Distinct > 20);

            var backup = (await Cli.RunAsync("backup", backups, "--data", directory.File("data"), "--json")).Expect(0);
            Assert.True(backup.Json.GetProperty("live").GetBoolean());

            // The second one shares what has not changed.
            (await api.BatchAsync(Texts.Lines(Before + 2, After))).Expect(202);
            var second = (await Cli.RunAsync("backup", backups, "--data", directory.File("data"), "--json")).Expect(0);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first {backup.Json.GetRawText()}\nsecond {second.Json.GetRawText()}"));
            server.Kill9();
        }

        Assert.True((await sim.ReportAsync()).Distinct < Before, "All had been sent before the backup: the test proves nothing.");
        Directory.Delete(directory.File("data"), recursive: true);
        var verified = (await Cli.RunAsync("restore", backups, "--verify", "--json")).Expect(0);
        output.WriteLine(verified.Out);
        Assert.True(verified.Json.GetProperty("jobs_waiting").GetInt64() > 0);
        Assert.Equal(Before + 1 + After, verified.Json.GetProperty("texts").GetInt64());
        Assert.Equal(1, verified.Json.GetProperty("channels").GetInt64());

        (await Cli.RunAsync("restore", backups, "--data", directory.File("elsewhere"))).Expect(0);
        await using var other = await StrowgerProcess.StartAsync(directory.File("elsewhere"), config);
        using var again = other.Connect();
        var report = await sim.ReportAsync("every text of before the backup has arrived", _patience, r => r.Distinct >= Before + 1 + After);
        Assert.Equal(Before + 1 + After, report.Distinct);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Distinct} arrived, {report.Duplicates} of them twice"));

        // Its history came along, and lists are built again from it.
        await again.ReachesAsync(first, _patience, "sent", "delivered");
        await again.EmptyAsync(_patience);
        (await Cli.RunAsync("restore", backups, "--data", directory.File("elsewhere"))).Expect(1);
    }

    [Fact]
    public async Task A_server_that_does_not_run_is_backed_up_and_damage_is_found()
    {
        using var directory = new TempDirectory();
        var config = directory.Write("strowger.json", Config.Of(Config.Discard("nowhere")));
        var data = directory.File("data");
        await using (var server = await StrowgerProcess.StartAsync(data, config))
        {
            using var api = server.Connect();
            (await api.BatchAsync(Texts.Lines(1, 50))).Expect(202);
            await api.EmptyAsync(_patience);

            // Not a kill: outcomes ride the next commit, and after one some would count as waiting.
            Assert.Equal(0, await server.StopAsync());
        }

        var backups = directory.File("backups");
        Assert.False((await Cli.RunAsync("backup", backups, "--data", data, "--json")).Expect(0).Json.GetProperty("live").GetBoolean());
        Assert.Equal(0, (await Cli.RunAsync("restore", backups, "--verify", "--json")).Expect(0).Json.GetProperty("jobs_waiting").GetInt64());

        // Nobody but its owner may read what holds passwords and numbers.
        var store = Path.Combine(backups, "store");
        Assert.All(Directory.GetFiles(store), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode));

        var victim = Directory.GetFiles(store).MaxBy(file => new FileInfo(file).Length)!;
        var bytes = await File.ReadAllBytesAsync(victim, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(victim, bytes, TestContext.Current.CancellationToken);

        Assert.Contains("is damaged", (await Cli.RunAsync("restore", backups, "--verify")).Expect(1).Error, StringComparison.Ordinal);
        (await Cli.RunAsync("restore", backups, "--data", directory.File("new"))).Expect(1);
        var start = await Cli.RunAsync(["serve", "--data", directory.File("new"), "--set", "Http:Listen=127.0.0.1:0"], null);
        Assert.Contains("was not restored to the end", start.Expect(1).Error, StringComparison.Ordinal);
    }
}
