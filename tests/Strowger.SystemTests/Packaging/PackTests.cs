using System.Text.Json;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Packaging;

/// <summary>What <c>strowger pack</c> makes runs where there is no SDK.</summary>
[Trait("needs", "peer")]
public sealed class PackTests
{
    private static readonly TimeSpan _packing = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_package_and_the_tarball_run_on_a_box_without_an_SDK()
    {
        using var output = new TempDirectory();
        await using var pack = ChildProcess.Start(Path.Combine(StrowgerProgram.Root, "eng", "pack"), ["--output", output.Path]);
        pack.Input.Close();
        Assert.True(await pack.ExitAsync(_packing) == 0, pack.Error.Tail());
        var (tarball, deb) = (pack.Out.All[0], pack.Out.All[1]);
        using var box = await BareBox.InstallAsync(deb, tarball);

        await using (var server = box.Start(
            "strowger:strowger", "/usr/bin/strowger", "serve", "--config", "/etc/strowger/strowger.json", "--data", "/var/lib/strowger", "--set", "Http:Listen=127.0.0.1:0"))
        {
            var ready = await server.LineAsync(server.Error, l => l.StartsWith("ready ", StringComparison.Ordinal), _patience);
            using var api = new Api(new Uri(ready["ready ".Length..]));
            (await api.PostAsync("/v1/channels", """{"name":"nowhere","kind":"discard"}""")).Expect(201);
            var text = (await api.TextAsync("+46701234567", "From a package")).Expect(202);
            await api.ReachesAsync(text.Id!, _patience, "sent", "delivered");
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(_patience));
        }

        var program = "/opt/" + Path.GetFileName(Directory.GetDirectories(Path.Combine(box.Root, "opt")).Single()) + "/strowger";
        await using var demo = box.Start("strowger:strowger", program, "demo", "--exit", "--json", "--calm", "--subscribers", "1000", "--rate", "1000", "--data", "/var/lib/strowger/demo");
        Assert.True(await demo.ExitAsync(_patience) == 0, demo.Error.Tail());
        var table = JsonDocument.Parse(string.Concat(demo.Out.All)).RootElement;
        Assert.True(table.GetProperty("accepted").GetInt32() >= 1000);
        Assert.Equal(0, table.GetProperty("lost").GetInt32());
    }

    [Fact]
    public async Task Systemd_understands_every_line_of_the_unit()
    {
        using var directory = new TempDirectory();

        // The program that it names is not on this machine.
        var unit = await File.ReadAllTextAsync(Path.Combine(StrowgerProgram.Root, "deploy", "systemd", "strowger.service"));
        var path = directory.Write("strowger.service", unit.Replace("/usr/bin/strowger", "/bin/true", StringComparison.Ordinal));
        await using var verify = ChildProcess.Start(Peer.Need("systemd-analyze", "systemd"), ["verify", path]);
        Assert.True(await verify.ExitAsync(_patience) == 0 && verify.Error.All.Count == 0, verify.Error.Tail());
    }

    [Theory]
    [InlineData("--arch", "vax")]
    [InlineData("--speed")]
    public async Task What_cannot_be_packed_is_said(params string[] arguments)
    {
        await using var pack = ChildProcess.Start(Path.Combine(StrowgerProgram.Root, "eng", "pack"), arguments);
        Assert.Equal(2, await pack.ExitAsync(_patience));
        Assert.Contains("x64", pack.Error.Tail(), StringComparison.Ordinal);
    }
}
