using System.Diagnostics;
using System.Net;
using Strowger.Smpp.Tests.Client;
using Strowger.Smpp.Tests.Pdus;

namespace Strowger.Smpp.Tests.Server;

/// <summary>Our client against our server over loopback, on the real clock.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task Texts_go_up_and_receipts_come_down()
    {
        var delivering = new DeliveringServer();
        await using var server = Start(delivering);
        var handler = new RecordingHandler();
        await using var client = Connect(server, handler);
        await handler.ExpectAsync("Connecting", "Binding", "Bound");
        Assert.True(client.TrySubmit(1, new SubmitSm { Destination = "46701"u8, ShortMessage = "hello"u8 }));
        client.Flush();
        string[] both = [await handler.NextAsync(), await handler.NextAsync()];
        Assert.Equal(["deliver 46701 got hello", "response 1 ESME_ROK 1"], both.Order());
        Assert.Equal("answered 7 ESME_ROK", await delivering.Answered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        var session = Assert.Single(server.Sessions);
        Assert.Equal(("esme", BindMode.Transceiver, 0x34, 0, 0), (session.SystemId, session.Mode, session.InterfaceVersion, session.Unanswered, session.Outstanding));
        Assert.Equal(CommandStatus.QueryFailed, (await client.QueryAsync(new QuerySm { MessageId = "1"u8 }, TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task Wrong_password_and_wrong_direction_are_refused()
    {
        await using var server = Start(new EchoServer());
        var handler = new RecordingHandler();
        await using var client = Connect(server, handler, o => o with { Password = "wrong" });
        await handler.UntilAsync("Refused: the bind was refused: wrong password");

        var receiver = new RecordingHandler();
        await using var second = Connect(server, receiver, o => o with { BindMode = BindMode.Receiver });
        await receiver.UntilAsync("Bound");
        Assert.True(second.TrySubmit(4, new SubmitSm { Destination = "1"u8 }));
        second.Flush();
        await receiver.ExpectAsync("response 4 ESME_RINVBNDSTS ");
    }

    [Fact]
    public async Task More_unanswered_than_allowed_is_throttled()
    {
        await using var server = Start(new SilentServer(), o => o with { MaxUnanswered = 3 });
        var handler = new RecordingHandler();
        await using var client = Connect(server, handler);
        await handler.UntilAsync("Bound");
        for (int i = 0; i < 4; i++)
        {
            client.TrySubmit(i, new SubmitSm { Destination = "1"u8 });
        }

        client.Flush();
        await handler.ExpectAsync("response 3 ESME_RTHROTTLED ");
    }

    [Fact]
    public async Task Submits_by_the_hundred_thousand_all_get_their_own_answer()
    {
        const int Messages = 200_000;
        var echo = new EchoServer();
        await using var server = Start(echo);
        var pump = new Pump(Messages);
        await using var client = Connect(server, pump, o => o with { Window = 100 });
        pump.Client = client;
        var cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        long allocatedBefore = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        await pump.Done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var took = Stopwatch.GetElapsedTime(start);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuBefore;
        double allocated = (GC.GetTotalAllocatedBytes() - allocatedBefore) / (double)Messages;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{allocated:F1} octets allocated a message (with whatever else runs); {Messages / took.TotalSeconds:F0} submit_sm/s, {cpu.TotalSeconds * 1000 / (Messages / 1000):F2} ms CPU per 1000, client and server together");
        Assert.Equal(Messages, echo.Submits);
        Assert.Equal(0, pump.Wrong);
        Assert.Equal(0, client.Outstanding);
    }

    private static SmppServer Start(SmppServerHandler handler, Func<SmppServerOptions, SmppServerOptions>? change = null)
    {
        var options = new SmppServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var server = new SmppServer(change?.Invoke(options) ?? options, handler, TimeProvider.System);
        server.Start();
        return server;
    }

    private static SmppClient Connect(SmppServer server, SmppClientHandler handler, Func<SmppClientOptions, SmppClientOptions>? change = null)
    {
        var options = new SmppClientOptions { Host = "127.0.0.1", Port = server.LocalEndPoint!.Port, SystemId = "esme", Password = "secret" };
        var client = new SmppClient(change?.Invoke(options) ?? options, handler, TimeProvider.System, new Random(1));
        client.Start();
        return client;
    }

    private sealed class SilentServer : EchoServer
    {
        public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
        {
        }
    }

    private sealed class DeliveringServer : EchoServer
    {
        public TaskCompletionSource<string> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
        {
            base.OnSubmit(session, sequence, pdu);
            byte[] text = [.. "got "u8, .. pdu.ShortMessage];
            Assert.Equal(SubmitRefusal.None, session.Deliver(7, new DeliverSm { Source = pdu.Destination, ShortMessage = text }));
        }

        public override void OnDeliverResponse(SmppServerSession session, long tag, uint status, bool late) =>
            Answered.TrySetResult($"answered {tag} {CommandStatus.Name(status)}");
    }

    /// <summary>Keeps the window full from inside the callbacks.</summary>
    internal sealed class Pump(int messages) : SmppClientHandler
    {
        private readonly byte[] _text = Samples.Ascii("Your code is 123456. It is valid for ten minutes, for one use.");
        private readonly bool[] _seen = new bool[messages];
        private int _sent;
        private int _answered;

        public SmppClient? Client { get; set; }

        public int Wrong { get; private set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late)
        {
            Wrong += status != 0 || messageId.IsEmpty || _seen[tag] ? 1 : 0;
            _seen[tag] = true;
            if (++_answered == messages)
            {
                Done.TrySetResult();
            }
        }

        public override void OnUnanswered(long tag, UnansweredReason reason) => Wrong++;

        public override void OnStateChanged(BindState state, string? reason, uint status)
        {
            if (state == BindState.Bound)
            {
                SpinWait.SpinUntil(() => Client is not null);
                Fill();
                Client!.Flush();
            }
        }

        public override void OnBatchEnd() => Fill();

        private void Fill()
        {
            var pdu = new SubmitSm { Source = "Strowger"u8, Destination = "46701234567"u8, RegisteredDelivery = 1, ShortMessage = _text };
            while (_sent < messages && Client!.TrySubmit(_sent, pdu))
            {
                _sent++;
            }
        }
    }
}
