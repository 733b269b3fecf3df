using System.Globalization;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>SMPP over TLS with programs that are not ours at the other end: OpenSSL's client, socat, the npm package smpp either way.</summary>
[Trait("needs", "peer")]
public sealed class SmppTlsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    // bind_transceiver with system_id s and password p, then unbind: no octet above 0x7F, so that it goes through a text stream.
    private const string BindAndUnbind =
        "\0\0\0\u0019\0\0\0\u0009\0\0\0\0\0\0\0\u0001s\0p\0\0\u0034\0\0\0" + "\0\0\0\u0010\0\0\0\u0006\0\0\0\0\0\0\0\u0002";

    [Fact]
    public async Task OpenSSL_binds_by_TLS_1_2_and_1_3_and_by_nothing_older()
    {
        using var directory = new TempDirectory();
        var pem = PemFiles.Make(directory);
        await using var sim = await SimProcess.StartAsync("--tls-certificate", pem.Certificate, "--tls-key", pem.Key);
        foreach (var (version, agreed) in new[] { ("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3") })
        {
            await using var client = Openssl(sim.Port, version, "-CAfile", pem.Certificate, "-verify_return_error", "-verify_ip", "127.0.0.1");
            await client.LineAsync(client.Error, l => l.Contains(agreed, StringComparison.Ordinal), _patience);
            await client.LineAsync(client.Error, l => l.Contains("Verification: OK", StringComparison.Ordinal), _patience);
            await client.Input.WriteAsync(BindAndUnbind);
            await client.Input.FlushAsync();

            // The server closes after the unbind, with a goodbye: OpenSSL would say "unexpected eof" otherwise.
            Assert.Equal(0, await client.ExitAsync(_patience));
            Assert.Contains("carrier-sim", client.Out.Tail(), StringComparison.Ordinal);
            Assert.DoesNotContain("eof", client.Error.Tail(), StringComparison.OrdinalIgnoreCase);
        }

        await using var old = Openssl(sim.Port, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0");
        Assert.Equal(1, await old.ExitAsync(_patience));
        Assert.Contains("alert", old.Error.Tail(), StringComparison.Ordinal);
        Assert.Equal(2, (await sim.ReportAsync()).BindsTotal);
    }

    [Fact]
    public async Task A_carrier_behind_socat_gets_the_texts_and_a_wrong_certificate_nothing()
    {
        using var directory = new TempDirectory();
        var pem = PemFiles.Make(directory);
        var other = PemFiles.Make(directory, "other", "smsc.example");
        var old = PemFiles.Make(directory, "old", fromDays: -9, toDays: -2);
        await using var sim = await SimProcess.StartAsync("--receipt-delay", "20ms");
        var (good, wrong, late) = (Ports.Free(), Ports.Free(), Ports.Free());
        await using var one = await SocatAsync(good, sim.Port, pem);
        await using var two = await SocatAsync(wrong, sim.Port, other);
        await using var three = await SocatAsync(late, sim.Port, old);

        // An account of its own for the second that binds: receipts come over any bind of an account.
        var config = directory.Write("strowger.json", Config.Of(
            Config.Smpp("good", good, ("Tls", true), ("TlsTrustedCertificate", pem.Certificate), ("Binds", 2)),
            Config.Smpp("named", wrong, ("Tls", true), ("TlsTrustedCertificate", other.Certificate), ("TlsServerName", "smsc.example"), ("SystemId", "named"), ("Prefixes", new JsonArray("47"))),
            Config.Smpp("unknown", good, ("Tls", true), ("Prefixes", new JsonArray("1"))),
            Config.Smpp("other", wrong, ("Tls", true), ("TlsTrustedCertificate", other.Certificate), ("Prefixes", new JsonArray("1"))),
            Config.Smpp("old", late, ("Tls", true), ("TlsTrustedCertificate", old.Certificate), ("Prefixes", new JsonArray("1"))),
            Config.Smpp("plain", sim.Port, ("Tls", true), ("Prefixes", new JsonArray("1")))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        var ids = new List<string>();
        for (var n = 1; n <= 100; n++)
        {
            ids.Add((await api.TextAsync("+" + Samples.To(n), Samples.Text(n))).Expect(202).Id!);
        }

        foreach (var id in ids)
        {
            await api.ReachesAsync(id, _patience, "delivered");
        }

        async Task<string> TestAsync(string name) => (await api.PostAsync($"/v1/channels/{name}/test", "{}")).Expect(200).ToString();
        Assert.Contains("bound, window 50, TLS 1.3", await TestAsync("good"), StringComparison.Ordinal);
        Assert.Contains("bound, window 50, TLS 1.3", await TestAsync("named"), StringComparison.Ordinal);
        Assert.Contains("signed by localhost, whom this machine does not trust", await TestAsync("unknown"), StringComparison.Ordinal);
        Assert.Contains("is for smsc.example, not for 127.0.0.1", await TestAsync("other"), StringComparison.Ordinal);
        Assert.Contains("certificate ended on", await TestAsync("old"), StringComparison.Ordinal);
        Assert.Contains("TLS: what answers there", await TestAsync("plain"), StringComparison.Ordinal);
        Assert.Equal(0, (await sim.ReportAsync()).BindsRefused);
    }

    [Fact]
    public async Task The_npm_package_is_our_carrier_and_our_ESME()
    {
        using var directory = new TempDirectory();
        var pem = PemFiles.Make(directory);
        await using var carrier = Peer.Node("carrier.js", "strowger", "secret", pem.Certificate, pem.Key);
        var port = (await carrier.EventAsync("ready")).GetProperty("port").GetInt32();
        var config = directory.Write("strowger.json", Config.Of(Config.Smpp("npm", port, ("Tls", true), ("TlsTrustedCertificate", pem.Certificate))));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        for (var n = 1; n <= 50; n++)
        {
            var id = (await api.TextAsync("+" + Samples.To(n), Samples.Text(n))).Expect(202).Id!;
            await api.ReachesAsync(id, _patience, "delivered");
        }

        Assert.Empty(carrier.Events("error"));

        await using var sim = await SimProcess.StartAsync("--tls-certificate", pem.Certificate, "--tls-key", pem.Key, "--receipt-delay", "20ms");
        await using var esme = Peer.Node("esme.js", "localhost", sim.Port.ToString(CultureInfo.InvariantCulture), "npm", "secret", "50", pem.Certificate);
        Assert.Equal(0, (await esme.EventAsync("bind")).GetProperty("status").GetInt32());
        Assert.Equal(50, (await esme.EventAsync("done")).GetProperty("receipts").GetInt32());
        await esme.TellAsync("""{"stop":true}""");
        await esme.EventAsync("unbound");
        Assert.Empty(esme.Events("error"));
    }

    private static ChildProcess Openssl(int port, params string[] more) => ChildProcess.Start(
        Peer.Need("openssl", "openssl"),
        ["s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-brief", "-quiet", .. more]);

    private static async Task<ChildProcess> SocatAsync(int port, int to, PemFiles pem)
    {
        var socat = ChildProcess.Start(
            Peer.Need("socat", "socat"),
            ["-d", "-d", $"OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,cert={pem.Certificate},key={pem.Key},verify=0", $"TCP:127.0.0.1:{to}"]);
        await socat.LineAsync(socat.Error, l => l.Contains("listening", StringComparison.Ordinal), _patience);
        return socat;
    }
}
