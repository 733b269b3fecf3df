using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Strowger.Smpp.Tests.Client;

namespace Strowger.Smpp.Tests.Tls;

/// <summary>Peers that hang, lie or stop in the middle of TLS. Time stands still until the test moves it.</summary>
public sealed class HostileTlsTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ClosedServer _handler = new();
    private readonly System.Security.Cryptography.X509Certificates.X509Certificate2 _certificate = TestCertificates.SelfSigned();
    private readonly SmppServer _server;

    public HostileTlsTests() => _server = TlsTests.Start(_handler, _certificate, _clock);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task An_ESME_that_says_nothing_or_half_a_hello_is_cut_off()
    {
        using var silent = await DialAsync();
        using var halting = await DialAsync();
        await halting.GetStream().WriteAsync(new byte[] { 22, 3, 1, 2 }, TestContext.Current.CancellationToken);
        while (_server.Sessions.Count() < 2)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("TLS was not agreed on within 10 s", await _handler.NextAsync());
        Assert.Equal("TLS was not agreed on within 10 s", await _handler.NextAsync());
    }

    [Fact]
    public async Task Garbage_before_and_after_the_hello_ends_that_connection_only()
    {
        var random = new Random(5);
        for (int round = 0; round < 40; round++)
        {
            using var esme = await DialAsync();
            byte[] garbage = new byte[random.Next(5, 400)];
            random.NextBytes(garbage);
            if (round % 2 == 0)
            {
                (garbage[0], garbage[1], garbage[2], garbage[3], garbage[4]) = (22, 3, 1, 0, (byte)(garbage.Length - 5));
            }

            await esme.GetStream().WriteAsync(garbage, TestContext.Current.CancellationToken);
            esme.Client.Shutdown(SocketShutdown.Send);
            Assert.Contains("TLS", await _handler.NextAsync(), StringComparison.Ordinal);
        }

        using var good = await DialAsync();
        await using var tls = await ShakeHandsAsync(good);
        await tls.WriteAsync(new byte[] { 0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 9 }, TestContext.Current.CancellationToken);
        byte[] answer = new byte[16];
        await tls.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal(CommandId.EnquireLinkResp, PduHeader.Read(answer).CommandId);

        // What is no PDU is as little one inside TLS.
        await tls.WriteAsync(new byte[] { 0, 0, 0, 3 }, TestContext.Current.CancellationToken);
        Assert.StartsWith("the ESME sent what is no PDU", await _handler.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_carrier_that_never_answers_our_hello_is_given_up()
    {
        using var peer = new ScriptedPeer();
        var handler = new RecordingHandler();
        var options = new SmppClientOptions { Host = "127.0.0.1", Port = peer.Port, Tls = new SmppClientTls() };
        await using var client = new SmppClient(options, handler, _clock, new Random(1));
        client.Start();
        using var accepted = await peer.AcceptAsync();
        await handler.ExpectAsync("Connecting", "Binding");
        while (_clock.TimerCount < 2)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.StartsWith("BackingOff: TLS was not agreed on within 10 s", await handler.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_carrier_that_answers_a_plain_bind_by_TLS_is_told_of()
    {
        using var peer = new ScriptedPeer();
        var handler = new RecordingHandler();
        await using var client = new SmppClient(new SmppClientOptions { Host = "127.0.0.1", Port = peer.Port }, handler, _clock, new Random(1));
        client.Start();
        using var accepted = await peer.AcceptAsync();
        await accepted.WriteAsync([21, 3, 1, 0, 2, 2, 70]);
        Assert.Equal("BackingOff: the carrier speaks TLS on this port: set Tls", await handler.UntilAsync("BackingOff"));
    }

    [Fact]
    public async Task An_ESME_that_reads_nothing_is_cut_off_though_its_kernel_takes_what_it_can()
    {
        using var esme = await DialAsync(receiveBuffer: 4096);
        await using var tls = await ShakeHandsAsync(esme);
        byte[] bind = new byte[64];
        int length = new BindRequest { Mode = BindMode.Transceiver, SystemId = "x"u8, Password = "secret"u8, InterfaceVersion = 0x34 }.Encode(bind, 1);
        await tls.WriteAsync(bind.AsMemory(0, length), TestContext.Current.CancellationToken);
        byte[] answer = new byte[16];
        await tls.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        var session = Assert.Single(_server.Sessions);
        while (!session.IsBound)
        {
            await Task.Yield();
        }

        // Deliveries that nobody reads: the kernel's buffers fill, then ours, then time counts.
        byte[] payload = [4, 36, 0xEA, 0x60, .. new byte[60_000]];
        long tag = 0;
        var closed = _handler.NextAsync();
        while (session.Deliver(tag++, new DeliverSm { Source = "1"u8, Tlvs = new Tlvs(payload) }) != SubmitRefusal.Congested)
        {
            Assert.True(tag < 100, "the window was full before the buffers");
            session.Flush();
        }

        while (!closed.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Contains("the ESME has read nothing for 30 s", await closed, StringComparison.Ordinal);
        esme.Client.Dispose();
    }

    private async Task<TcpClient> DialAsync(int? receiveBuffer = null)
    {
        var client = new TcpClient { NoDelay = true };
        if (receiveBuffer is { } octets)
        {
            client.ReceiveBufferSize = octets;
        }

        await client.ConnectAsync(IPAddress.Loopback, _server.LocalEndPoint!.Port, TestContext.Current.CancellationToken);
        return client;
    }

    private async Task<SslStream> ShakeHandsAsync(TcpClient client)
    {
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: true);
        string known = _certificate.GetCertHashString();
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == known },
            TestContext.Current.CancellationToken);
        return tls;
    }
}
