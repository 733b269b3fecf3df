using System.Buffers.Binary;
using System.Diagnostics;
using Strowger.SystemTests.Clock;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Upgrades;

/// <summary>
/// Data directories that earlier builds left behind (<c>snapshots</c>, each made by that build: 30 texts delivered, 120 accepted with the
/// carrier gone, a channel and a key added while it ran; the later one also a webhook and a campaign outside its hours). Today's
/// program goes on where they stopped, and a backup of before the upgrade leads back.
/// </summary>
public sealed class UpgradeTests
{
    private const int Delivered = 30;
    private const int Waiting = 120;

    /// <summary>PRAGMA user_version in the header of a database (SQLite's file format, 1.3).</summary>
    private const int UserVersionOffset = 60;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("first", "2026-11-21T05:11:00Z", "sk_6EZ2Ws-EOKJlg6Hq4Bf6r4neumpzX6y9zg-jAy9hlco", false)]
    [InlineData("service", "2026-11-21T05:13:00Z", "sk_jFgy5FUibgMuEF0Dyds4zhO2r7IVKqUu-QmJ4bPB6iA", true)]
    public async Task A_directory_of_an_earlier_build_goes_on_and_its_backup_leads_back(string snapshot, string stopped, string key, bool isService)
    {
        using var directory = new TempDirectory();
        await UnpackAsync(snapshot, directory.Path);
        var data = directory.File("data");
        var before = Journal(data);
        var version = SettingsVersion(data);
        var backups = directory.File("backups");
        (await Cli.RunAsync("backup", backups, "--data", data)).Expect(0);

        // What waits in it would have expired by today.
        var clock = new FakeClock(directory);
        clock.Set(DateTimeOffset.Parse(stopped, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow);
        await using var sim = await SimProcess.StartAsync();
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", sim.Port)));
        await using (var server = await StrowgerProcess.StartAsync(data, config, environment: clock.Environment))
        {
            using var api = server.Connect(key);
            await sim.ReportAsync("all that waited have arrived", _patience, r => r.Accepted == Waiting);
            for (var i = 0; i < Delivered; i++)
            {
                Assert.Equal("delivered", await StatusOfAsync(api, $"sent-{i}"));
            }

            await Eventually.GetAsync("the last that waited is delivered", _patience, () => StatusOfAsync(api, $"waits-{Waiting - 1}"), s => s == "delivered");
            Assert.Equal("discard", (await api.ChannelAsync("spare")).GetProperty("kind").GetString());
            if (isService)
            {
                Assert.Equal("waiting", (await api.GetAsync("/v1/campaigns/cmp_0000000000001")).Expect(200).Body.GetProperty("state").GetString());
                Assert.Equal("https://hooks.example.net/x", (await api.GetAsync("/v1/webhooks")).Expect(200).Body.GetProperty("data")[0].GetProperty("url").GetString());
            }

            var after = (await api.TextAsync("+46700009999", "After the upgrade")).Expect(202);
            await api.ReachesAsync(after.Id!, _patience, "delivered");
            Assert.Equal(Waiting + 1, (await sim.ReportAsync()).Submits);
            Assert.Equal(0, await server.StopAsync());
        }

        // The way back: what an earlier build wrote, octet by octet, in the versions it knows.
        var restored = directory.File("restored");
        (await Cli.RunAsync("restore", backups, "--data", restored)).Expect(0);
        Assert.Equal(version, SettingsVersion(restored));
        var journal = Journal(restored);
        Assert.True(journal.Length > 0 && before.AsSpan().StartsWith(journal), "The journal is another one.");
        Assert.True(before.AsSpan(journal.Length).IndexOfAnyExcept((byte)0) < 0, "The journal has lost its end.");
    }

    private static async Task UnpackAsync(string snapshot, string into)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Upgrades", "snapshots", snapshot + ".tar.gz");
        using var tar = Process.Start("tar", ["-xzf", file, "-C", into]);
        await tar.WaitForExitAsync();
        Assert.Equal(0, tar.ExitCode);
    }

    private static async Task<string?> StatusOfAsync(Api api, string reference)
    {
        var found = (await api.GetAsync($"/v1/messages?reference={reference}")).Expect(200).Body.GetProperty("data");
        Assert.Equal(1, found.GetArrayLength());
        return found[0].GetProperty("status").GetString();
    }

    private static byte[] Journal(string data) => File.ReadAllBytes(Path.Combine(data, "journal", "0000000000000000.seg"));

    private static uint SettingsVersion(string data) => BinaryPrimitives.ReadUInt32BigEndian(File.ReadAllBytes(Path.Combine(data, "settings.db")).AsSpan(UserVersionOffset));
}
