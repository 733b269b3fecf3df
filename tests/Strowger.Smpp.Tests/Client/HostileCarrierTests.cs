using Strowger.Smpp.Tests.Pdus;

namespace Strowger.Smpp.Tests.Client;

/// <summary>Streams cut anywhere and streams of garbage, towards a client.</summary>
public sealed class HostileCarrierTests : IAsyncDisposable
{
    private readonly ScriptedPeer _peer = new();
    private readonly RecordingHandler _handler = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SmppClient _client;

    public HostileCarrierTests()
    {
        _client = new SmppClient(new() { Host = "127.0.0.1", Port = _peer.Port, ReconnectMax = TimeSpan.FromMilliseconds(250) }, _handler, _clock, new Random(1));
        _client.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _peer.Dispose();
    }

    [Fact]
    public async Task A_stream_cut_at_every_point_is_read_the_same()
    {
        using var peer = await _peer.AcceptBindAsync();
        await _handler.UntilAsync("Bound");
        byte[] buffer = new byte[600];
        for (int cut = 1; ; cut++)
        {
            Assert.True(_client.TrySubmit(cut, new SubmitSm { Destination = "1"u8 }));
            _client.Flush();
            uint sequence = (await peer.ReadAsync(CommandId.SubmitSm)).Header.Sequence;
            int n = Samples.Deliver(Samples.Ascii("text")).Encode(buffer, 7);
            n += new SubmitSmResp { MessageId = "id"u8 }.Encode(buffer.AsSpan(n), 0, sequence);
            n += EnquireLink.Encode(buffer.AsSpan(n), 8);
            if (cut >= n)
            {
                return;
            }

            await peer.WriteAsync(buffer[..cut]);
            await Task.Yield();
            await peer.WriteAsync(buffer[cut..n]);
            await _handler.ExpectAsync("deliver 46701234567 text", $"response {cut} ESME_ROK id");
            await peer.ReadAsync(CommandId.DeliverSmResp);
            await peer.ReadAsync(CommandId.EnquireLinkResp);
        }
    }

    [Fact]
    public async Task Random_streams_are_survived_and_the_bind_comes_back()
    {
        var random = new Random(11);
        byte[][] seeds = [.. Samples.All().Values];
        for (int round = 0; round < 40; round++)
        {
            using var peer = await _peer.AcceptBindAsync();
            await _handler.UntilAsync("Bound");
            try
            {
                for (int i = 0; i < 30; i++)
                {
                    byte[] pdu = (byte[])seeds[random.Next(seeds.Length)].Clone();
                    pdu[random.Next(pdu.Length)] ^= (byte)(1 << random.Next(8));
                    await peer.WriteAsync(pdu);
                }
            }
            catch (IOException)
            {
                // Cut off, as it deserves.
            }

            peer.Dispose();
            await _handler.UntilAsync("BackingOff");
            while (_clock.TimerCount < 2)
            {
                await Task.Yield();
            }

            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        using var good = await _peer.AcceptBindAsync();
        await _handler.UntilAsync("Bound");
        Assert.Equal(41, _client.Binds);
    }
}
