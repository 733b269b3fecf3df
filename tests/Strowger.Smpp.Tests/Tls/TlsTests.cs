using System.Net;
using System.Security.Cryptography.X509Certificates;
using Strowger.Smpp.Tests.Client;
using Strowger.Smpp.Tests.Server;

namespace Strowger.Smpp.Tests.Tls;

/// <summary>Our client and our server by TLS, on the real clock.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Texts_by_the_ten_thousand_go_up_and_both_sides_know_that_it_is_TLS()
    {
        const int Messages = 30_000;
        using var certificate = TestCertificates.SelfSigned();
        var echo = new EchoServer();
        await using var server = Start(echo, certificate);
        var pump = new RoundTripTests.Pump(Messages);
        await using var client = Connect(server, pump, new SmppClientTls { TrustedCertificate = _files.FileOf(certificate) }, 1000);
        pump.Client = client;
        await pump.Done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal((Messages, 0), (echo.Submits, pump.Wrong));
        Assert.Equal(("TLS 1.3", "TLS 1.3"), (client.TlsVersion, Assert.Single(server.Sessions).TlsVersion));
    }

    [Fact]
    public async Task A_goodbye_is_said_in_both_directions()
    {
        using var certificate = TestCertificates.SelfSigned();
        var closes = new ClosedServer();
        await using var server = Start(closes, certificate);
        var handler = new RecordingHandler();
        await using var client = Connect(server, handler, new SmppClientTls { TrustedCertificate = _files.FileOf(certificate) });
        await handler.ExpectAsync("Connecting", "Binding", "Bound");
        await client.StopAsync(TimeSpan.FromSeconds(5));
        await handler.ExpectAsync("Unbinding", "Stopped");
        Assert.Equal("the ESME unbound", await closes.NextAsync());
    }

    [Fact]
    public async Task A_certificate_that_a_trusted_one_signed_is_good()
    {
        var (root, signed) = TestCertificates.Signed();
        using (root)
        using (signed)
        {
            await using var server = Start(new EchoServer(), signed);
            var handler = new RecordingHandler();
            await using var client = Connect(server, handler, new SmppClientTls { TrustedCertificate = _files.FileOf(root), ServerName = "localhost" });
            await handler.ExpectAsync("Connecting", "Binding", "Bound");

            // The same one pinned by itself, its signer unknown.
            var pinning = new RecordingHandler();
            await using var second = Connect(server, pinning, new SmppClientTls { TrustedCertificate = _files.FileOf(signed) });
            await pinning.ExpectAsync("Connecting", "Binding", "Bound");
        }
    }

    [Fact]
    public async Task A_certificate_that_will_not_do_is_told_in_words_and_nothing_is_said_to_who_shows_it()
    {
        using var good = TestCertificates.SelfSigned();
        using var old = TestCertificates.SelfSigned(-3, -1);
        using var early = TestCertificates.SelfSigned(1, 3);
        using var other = TestCertificates.SelfSigned(name: "smsc.example", withAddress: false);
        (X509Certificate2 Shown, SmppClientTls Options, string Words)[] cases =
        [
            (good, new(), "is signed by localhost, whom this machine does not trust; name that certificate in TlsTrustedCertificate"),
            (good, new() { TrustedCertificate = _files.FileOf(other) }, "is signed by localhost, which is neither in TlsTrustedCertificate nor trusted by this machine"),
            (old, new() { TrustedCertificate = _files.FileOf(old) }, $"ended on {DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}"),
            (early, new() { TrustedCertificate = _files.FileOf(early) }, "counts only from"),
            (other, new() { TrustedCertificate = _files.FileOf(other) }, "is for smsc.example, not for 127.0.0.1; set TlsServerName if that is the carrier"),
            (good, new() { TrustedCertificate = _files.FileOf(good), ServerName = "b.example" }, "is for localhost, 127.0.0.1, not for b.example"),
            (good, new() { TrustedCertificate = "/nowhere.pem" }, "the trusted certificate cannot be read"),
        ];
        foreach (var (shown, options, words) in cases)
        {
            var echo = new ClosedServer();
            await using var server = Start(echo, shown);
            var handler = new RecordingHandler();
            await using var client = Connect(server, handler, options);
            Assert.Contains(words, await handler.UntilAsync("BackingOff"), StringComparison.Ordinal);
            Assert.DoesNotContain("unbound", await echo.NextAsync(), StringComparison.Ordinal);
            Assert.Equal(0, echo.BindsSeen);
        }
    }

    [Fact]
    public async Task Plain_and_TLS_meet_and_both_say_what_is_wrong()
    {
        using var certificate = TestCertificates.SelfSigned();
        var secured = new ClosedServer();
        await using (var server = Start(secured, certificate))
        {
            var handler = new RecordingHandler();
            await using var client = Connect(server, handler, null);
            Assert.Contains("by generic_nack, as from a port that wants TLS", await handler.UntilAsync("BackingOff"), StringComparison.Ordinal);
            Assert.Equal("the ESME speaks no TLS, and this port nothing else", await secured.NextAsync());
        }

        var open = new ClosedServer();
        await using (var server = Start(open, null))
        {
            var handler = new RecordingHandler();
            await using var client = Connect(server, handler, new SmppClientTls());
            Assert.Contains("TLS", await handler.UntilAsync("BackingOff"), StringComparison.Ordinal);
            Assert.Equal("the ESME speaks TLS, and this port does not", await open.NextAsync());
        }
    }

    internal static SmppServer Start(SmppServerHandler handler, X509Certificate2? certificate, TimeProvider? clock = null)
    {
        var server = new SmppServer(
            new SmppServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Tls = certificate is null ? null : new SmppServerTls(certificate) },
            handler, clock ?? TimeProvider.System);
        server.Start();
        return server;
    }

    private static SmppClient Connect(SmppServer server, SmppClientHandler handler, SmppClientTls? tls, int window = 50)
    {
        var options = new SmppClientOptions { Host = "127.0.0.1", Port = server.LocalEndPoint!.Port, Password = "secret", Tls = tls, Window = window };
        var client = new SmppClient(options, handler, TimeProvider.System, new Random(1));
        client.Start();
        return client;
    }
}
