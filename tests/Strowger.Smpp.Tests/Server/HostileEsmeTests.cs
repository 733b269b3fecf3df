using System.Net;
using System.Net.Sockets;
using Strowger.Smpp.Tests.Pdus;

namespace Strowger.Smpp.Tests.Server;

/// <summary>What an ESME of bad will or bad make can send.</summary>
public sealed class HostileEsmeTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly EchoServer _handler = new();
    private readonly SmppServer _server;

    public HostileEsmeTests()
    {
        var options = new SmppServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), MaxSessions = 2, InactivityTimeout = TimeSpan.FromSeconds(50) };
        _server = new SmppServer(options, _handler, _clock);
        _server.Start();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Requests_before_the_bind_are_refused_and_no_bind_ends_the_connection()
    {
        using var esme = await ConnectAsync();
        await esme.WriteAsync(Samples.All()["submit_sm"]);
        Assert.Equal(CommandStatus.InvalidBindStatus, (await esme.ReadAsync(CommandId.SubmitSmResp)).Header.Status);
        await esme.WriteBareAsync(0x999, 3);
        Assert.Equal(CommandStatus.InvalidCommandId, (await esme.ReadAsync(CommandId.GenericNack)).Header.Status);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await esme.IsClosedAsync());
        Assert.Equal(0, _handler.Submits);
    }

    [Fact]
    public async Task Second_bind_bad_bodies_and_unknown_commands_get_their_status()
    {
        using var esme = await BoundAsync();
        await esme.WriteAsync(Samples.All()["bind_Receiver"]);
        Assert.Equal(CommandStatus.AlreadyBound, (await esme.ReadAsync(CommandId.BindReceiverResp)).Header.Status);
        await esme.WriteBareAsync(CommandId.SubmitSm, 5);
        Assert.Equal(CommandStatus.InvalidCommandLength, (await esme.ReadAsync(CommandId.SubmitSmResp)).Header.Status);
        await esme.WriteBareAsync(0x111, 6);
        Assert.Equal(CommandStatus.InvalidCommandId, (await esme.ReadAsync(CommandId.GenericNack)).Header.Status);
        await esme.WriteAsync(Samples.All()["cancel_sm"]);
        Assert.Equal(CommandStatus.CancelFailed, (await esme.ReadAsync(CommandId.CancelSmResp)).Header.Status);
        await esme.WriteAsync([0, 0, 0, 3]);
        await esme.ReadAsync(CommandId.GenericNack);
        Assert.True(await esme.IsClosedAsync());
    }

    [Fact]
    public async Task Silence_is_asked_about_and_ends_the_session()
    {
        using var esme = await BoundAsync();
        _clock.Advance(TimeSpan.FromSeconds(51));
        Assert.True(await esme.IsClosedAsync());
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed()
    {
        using var first = await BoundAsync();
        using var second = await BoundAsync();
        using var third = await ConnectAsync();
        Assert.True(await third.IsClosedAsync());
        Assert.Equal(1, _server.RefusedConnections);
    }

    [Fact]
    public async Task Every_split_point_of_a_conversation_gives_the_same_answers()
    {
        byte[] bind = Bind();
        byte[] conversation = [.. bind, .. Samples.All()["submit_sm"], .. Samples.All()["enquire_link"]];
        for (int cut = 1; cut < conversation.Length; cut += 3)
        {
            using var esme = await ConnectAsync();
            await esme.WriteAsync(conversation[..cut]);
            await Task.Yield();
            await esme.WriteAsync(conversation[cut..]);
            await esme.ReadAsync(CommandId.BindTransceiverResp);
            await esme.ReadAsync(CommandId.SubmitSmResp);
            await esme.ReadAsync(CommandId.EnquireLinkResp);
            await esme.WriteBareAsync(CommandId.Unbind, 20);
            await esme.ReadAsync(CommandId.UnbindResp);
            Assert.True(await esme.IsClosedAsync());
            while (_server.Sessions.Any())
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Random_streams_never_take_the_server_down()
    {
        var random = new Random(7);
        byte[][] seeds = [.. Samples.All().Values];
        for (int round = 0; round < 60; round++)
        {
            using var esme = round % 3 == 0 ? await ConnectAsync() : await BoundAsync();
            try
            {
                for (int i = 0; i < 20; i++)
                {
                    byte[] pdu = (byte[])seeds[random.Next(seeds.Length)].Clone();
                    pdu[random.Next(pdu.Length)] ^= (byte)(1 << random.Next(8));
                    await esme.WriteAsync(pdu);
                }
            }
            catch (IOException)
            {
                // Cut off, as it deserves.
            }

            esme.Dispose();
            while (_server.Sessions.Any())
            {
                await Task.Yield();
            }
        }

        using var good = await BoundAsync();
        await good.WriteBareAsync(CommandId.EnquireLink, 2);
        await good.ReadAsync(CommandId.EnquireLinkResp);
    }

    [Fact]
    public async Task A_peer_of_version_3_3_is_sent_no_TLVs()
    {
        using var esme = await ConnectAsync();
        await esme.WriteAsync(Bind(version: 0x33));
        var bound = await esme.ReadAsync(CommandId.BindTransceiverResp);
        Assert.Equal("strowger\0"u8.ToArray(), bound.Body);
        var session = Assert.Single(_server.Sessions);
        byte[] tlvs = Samples.Tlvs;
        Assert.Equal(SubmitRefusal.None, session.Deliver(1, new DeliverSm { Source = "1"u8, Tlvs = tlvs.AsSpan() }));
        session.Flush();
        var deliver = await esme.ReadAsync(CommandId.DeliverSm);
        Assert.True(DeliverSm.TryDecode(deliver.Body, out var sm, out _));
        Assert.True(sm.Tlvs.IsEmpty);
    }

    private static byte[] Bind(byte version = 0x34)
    {
        byte[] bind = new byte[64];
        int n = new BindRequest { Mode = BindMode.Transceiver, SystemId = "esme"u8, Password = "secret"u8, InterfaceVersion = version }.Encode(bind, 1);
        return bind[..n];
    }

    private async Task<PeerConnection> ConnectAsync()
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(_server.LocalEndPoint!, TestContext.Current.CancellationToken);
        return new PeerConnection(tcp);
    }

    private async Task<PeerConnection> BoundAsync()
    {
        var esme = await ConnectAsync();
        await esme.WriteAsync(Bind());
        Assert.Equal(CommandStatus.Ok, (await esme.ReadAsync(CommandId.BindTransceiverResp)).Header.Status);
        return esme;
    }
}
