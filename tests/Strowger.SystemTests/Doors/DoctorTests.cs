using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Doors;

/// <summary>What the doctor says of carriers that do not let us in.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_way_in_which_a_carrier_refuses_has_its_advice()
    {
        var pem = PemFiles.Make(_directory);
        var old = PemFiles.Make(_directory, "old", fromDays: -9, toDays: -2);
        await using var carrier = await SimProcess.StartAsync("--system-id", "strowger", "--password", "right");
        await using var full = await SimProcess.StartAsync("--refuse-binds", "5");
        await using var secure = await SimProcess.StartAsync("--tls-certificate", pem.Certificate, "--tls-key", pem.Key);
        await using var stale = await SimProcess.StartAsync("--tls-certificate", old.Certificate, "--tls-key", old.Key);
        var config = _directory.Write("strowger.json", Config.Of(
            Config.Smpp("good", carrier.Port, ("Password", "right")),
            Config.Smpp("password", carrier.Port, ("Password", "wrong")),
            Config.Smpp("account", carrier.Port, ("SystemId", "nobody"), ("Password", "right")),
            Config.Smpp("full", full.Port),
            Config.Smpp("secure", secure.Port, ("Tls", true), ("TlsTrustedCertificate", pem.Certificate)),
            Config.Smpp("untrusted", secure.Port, ("Tls", true)),
            Config.Smpp("stale", stale.Port, ("Tls", true), ("TlsTrustedCertificate", old.Certificate)),
            Config.Smpp("clear", carrier.Port, ("Tls", true), ("Password", "right"))));

        var findings = (await Cli.RunAsync(["doctor", "--json", "--config", config, "--data", _directory.File("data"), "--set", "Http:Listen=127.0.0.1:0"], null, TimeSpan.FromSeconds(90))).Expect(1)
            .Json.EnumerateArray().ToDictionary(finding => finding.GetProperty("what").GetString()!);

        Is(findings["bind good"], "good", "");
        Is(findings["bind password"], "wrong", "compare Password");
        Is(findings["bind account"], "wrong", "whether the account is active");
        Is(findings["bind full"], "wrong", "Binds is too high");
        Is(findings["bind secure"], "good", "");
        Is(findings["bind untrusted"], "wrong", "ask the carrier which one it uses");
        Is(findings["bind stale"], "wrong", "ask the carrier which one it uses");
        Is(findings["certificate of stale"], "wrong", "ask the carrier for the one it shows now");
        Is(findings["bind clear"], "wrong", "TLS port");
        Assert.All(findings.Values.Where(finding => finding.GetProperty("verdict").GetString() != "good"), finding => Assert.NotEqual(JsonValueKind.Null, finding.GetProperty("advice").ValueKind));
    }

    [Fact]
    public async Task Beside_a_running_server_its_own_binds_are_told_and_none_is_made()
    {
        await using var carrier = await SimProcess.StartAsync();
        await using var full = await SimProcess.StartAsync("--refuse-binds", "13");
        var data = _directory.File("data");
        var config = _directory.Write("strowger.json", Config.Of(Config.Smpp("one", carrier.Port), Config.Smpp("two", full.Port, ("Prefixes", new JsonArray("47")))));
        await using var server = await StrowgerProcess.StartAsync(data, config);
        using var api = server.Connect();
        await Eventually.TrueAsync("the channel is bound", TimeSpan.FromSeconds(20), async () => (await carrier.ReportAsync()).BindsTotal == 1);

        var findings = (await Cli.RunAsync("doctor", "--json", "--config", config, "--data", data)).Expect(1).Json.EnumerateArray().ToDictionary(finding => finding.GetProperty("what").GetString()!);

        Is(findings["bind one"], "good", "");
        Is(findings["bind two"], "wrong", "strowger channels test two");
        Assert.False(findings.ContainsKey("carrier one"));
        Assert.Equal(1, (await carrier.ReportAsync()).BindsTotal);
    }

    private static void Is(JsonElement finding, string verdict, string advice)
    {
        Assert.True(finding.GetProperty("verdict").GetString() == verdict, finding.GetRawText());
        Assert.Contains(advice, finding.GetProperty("advice").GetString() ?? "", StringComparison.Ordinal);
    }
}
