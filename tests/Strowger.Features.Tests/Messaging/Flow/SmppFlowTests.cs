using Strowger.Engine;
using Strowger.Engine.Journaling;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Projections;
using Strowger.Records.Messages;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;
using Strowger.Smpp.Text;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>What carriers do at inconvenient moments.</summary>
public sealed class SmppFlowTests
{
    [Fact]
    public async Task A_receipt_that_came_before_a_kill_settles_its_text_after_it()
    {
        await using var carrier = new TestCarrier { Answer = _ => null };
        carrier.BeforeAnswer = (session, _) => TestCarrier.Receipt(session, "X1", ReceiptState.Delivered, "46701234567");
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await FlowFixture.UntilAsync(() => !carrier.DeliverAnswers.IsEmpty);
        Assert.Equal(MessageStatus.Sending, f.Messaging.Find(id)!.Status);
        await f.RestartAsync(kill: true);
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var view = await f.ReachesAsync(id, MessageStatus.Delivered);
        Assert.Equal("X1", view.Timeline[^1].CarrierId);
        Assert.Single(carrier.Submits);
    }

    [Fact]
    public async Task A_receipt_that_came_before_a_cut_settles_its_text_after_it()
    {
        await using var carrier = new TestCarrier { Answer = _ => null };
        carrier.BeforeAnswer = (session, _) => TestCarrier.Receipt(session, "X1", ReceiptState.Delivered, "46701234567");
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await FlowFixture.UntilAsync(() => !carrier.DeliverAnswers.IsEmpty);
        carrier.Session.Close("before the answer was written");
        var view = await f.ReachesAsync(id, MessageStatus.Delivered);
        Assert.Equal("X1", view.Timeline[^1].CarrierId);
        Assert.Single(carrier.Submits);
    }

    [Fact]
    public async Task The_carriers_own_parameters_of_a_receipt_are_shown_also_of_an_early_one()
    {
        byte[] network = [0x14, 3, 0, 5, .. "24001"u8];
        await using var carrier = new TestCarrier();
        carrier.BeforeAnswer = (session, n) => TestCarrier.Receipt(session, carrier.IdOf(n), ReceiptState.Accepted, "46701234567", network);
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await f.ReachesAsync(id, MessageStatus.Sent);
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, "46701234567", network);
        var view = await f.ReachesAsync(id, MessageStatus.Delivered);
        Assert.Equal("DELIVERED err:000 0x1403:3234303031", view.Timeline[^1].Detail);
        Assert.Contains(view.Timeline, item => item.Detail == "ACCEPTED err:000 0x1403:3234303031");
    }

    [Fact]
    public async Task A_receipt_of_before_the_text_left_does_not_settle_it_after_a_kill()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await FlowFixture.UntilAsync(() => carrier.Sessions.Any(s => s.IsBound));
        TestCarrier.Receipt(carrier.Session, "other", ReceiptState.Delivered, "46701234567");
        await FlowFixture.UntilAsync(() => !carrier.DeliverAnswers.IsEmpty);
        carrier.Answer = _ => null;
        var id = await f.SendAsync();
        await FlowFixture.UntilAsync(() => carrier.Submits.Count == 1);
        await f.RestartAsync(kill: true);
        carrier.Answer = _ => 0;
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await f.ReachesAsync(id, MessageStatus.Sent);
        Assert.Equal(2, carrier.Submits.Count);
    }

    [Fact]
    public async Task Of_several_early_receipts_the_last_final_one_counts()
    {
        await using var carrier = new TestCarrier();
        carrier.BeforeAnswer = (session, n) =>
        {
            TestCarrier.Receipt(session, carrier.IdOf(n), ReceiptState.EnRoute, "46701234567");
            TestCarrier.Receipt(session, carrier.IdOf(n), ReceiptState.Delivered, "46701234567");
        };
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Delivered);
    }

    [Theory]
    [InlineData("+46701234567")]
    [InlineData("0046701234567")]
    [InlineData("0701234567")]
    [InlineData("somebody")]
    public async Task A_receipt_finds_its_text_however_the_carrier_writes_the_number(string number)
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await f.ReachesAsync(id, MessageStatus.Sent);
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, number);
        await f.ReachesAsync(id, MessageStatus.Delivered);
    }

    [Fact]
    public async Task What_no_pdu_can_hold_fails_with_the_reason_and_holds_up_no_other()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var tlvs = new byte[4 * 30_004];
        for (var at = 0; at < tlvs.Length; at += 30_004)
        {
            (tlvs[at], tlvs[at + 2], tlvs[at + 3]) = (0x14, 30_000 >> 8, 30_000 & 0xFF);
        }

        var fields = new MessageBodyFields { To = new Msisdn(46701234567), Plan = MessageEncoder.Plan("x", EncodeOptions.Default, new ushort[1]), Content = "x"u8, Tlvs = tlvs };
        var body = new byte[MessageBody.MaxLength(fields)];
        var length = MessageBody.Write(fields, body);
        var result = await f.Engine.EnqueueAsync(new NewJob { Flow = f.Engine.Flow("sms:default", Lane.Normal, ""), Body = body.AsSpan(0, length) });
        var failed = await f.ReachesAsync(new MessageId(result.Id), MessageStatus.Failed);
        Assert.Equal("not_sendable", failed.Error!.Name);
        Assert.Contains("octets", failed.Error.Detail, StringComparison.Ordinal);
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Single(carrier.Submits);
    }

    [Fact]
    public async Task A_text_that_expires_tells_the_carrier_how_long_it_is_good_for()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture(new FrozenTime());
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await f.ReachesAsync(await f.SendAsync(more: ",\"expires_in\":93784"), MessageStatus.Sent);
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Equal(["000001020304000R", ""], carrier.Validities);
    }

    [Fact]
    public async Task Events_of_the_same_moment_are_told_in_their_order()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture(new FrozenTime());
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var view = await f.ReachesAsync(await f.SendAsync(text: new string('x', 1500)), MessageStatus.Sent);
        Assert.Equal(10, view.Segments);
        Assert.Single(view.Timeline.Select(t => t.Time).Distinct());
        Assert.Equal("message.accepted", view.Timeline[0].Event);
        foreach (var part in view.Timeline.Skip(1).GroupBy(t => t.Part))
        {
            Assert.Equal(["message.sending", "message.sent"], part.Select(t => t.Event));
        }
    }

    [Fact]
    public async Task A_full_disk_keeps_receipts_and_leaves_texts_to_the_carrier()
    {
        await using var carrier = new TestCarrier();
        var disk = new SmallDisk();
        await using var f = new FlowFixture(storage: disk);
        await FlowFixture.UntilAsync(() => f.Engine.IsStorageFull);
        Assert.Equal(JournalSpace.OutcomesOnly, f.Engine.Journal.Space);
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await FlowFixture.UntilAsync(() => carrier.Sessions.Any(s => s.IsBound));
        TestCarrier.Text(carrier.Session, "46709999999", "STOP");
        await FlowFixture.UntilAsync(() => carrier.DeliverAnswers.Count == 1);
        TestCarrier.Receipt(carrier.Session, "X1", ReceiptState.Delivered, "46701234567");
        await FlowFixture.UntilAsync(() => carrier.DeliverAnswers.Count == 2);
        Assert.Equal([CommandStatus.TemporaryAppError, CommandStatus.Ok], carrier.DeliverAnswers);
        var found = new List<int>();
        f.Read((in EngineEvent e) => found.Add(e.Code));
        Assert.Equal([MessagingEvents.ParkedReceipt], found);
    }

    [Fact]
    public async Task A_text_delivered_again_after_a_cut_is_heard_once_and_one_sent_twice_twice()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await TextAsync("VOTE A");
        Assert.Equal(1, Heard());
        var before = f.Channels.Find("a")!.Binds[0].Binds;
        carrier.Session.Close("before the answer was read");
        await FlowFixture.UntilAsync(() => f.Channels.Find("a")!.Binds[0] is { State: "bound" } bind && bind.Binds > before);
        await TextAsync("VOTE A");
        Assert.Equal(1, Heard());
        await TextAsync("VOTE A");
        await TextAsync("vote a");
        Assert.Equal(3, Heard());

        async Task TextAsync(string text)
        {
            await FlowFixture.UntilAsync(() => carrier.Sessions.Count(s => s.IsBound) == 1);
            var answers = carrier.DeliverAnswers.Count;
            TestCarrier.Text(carrier.Session, "46709999999", text);
            await FlowFixture.UntilAsync(() => carrier.DeliverAnswers.Count > answers);
        }

        int Heard()
        {
            var count = 0;
            f.Read((in EngineEvent e) => count += e.Code == MessagingEvents.Inbound ? 1 : 0);
            return count;
        }
    }

    [Fact]
    public async Task Lists_begun_after_a_restart_know_the_worst_of_several_parts()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        using var store = MessageStore.Open(new MessageStoreOptions { DataDirectory = f.Path }, TimeProvider.System);
        var id = await f.SendAsync(text: new string('y', 200));
        await f.ReachesAsync(id, MessageStatus.Sent);
        await using (new ProjectionHost(f.Engine, new MessageProjection(f.Engine, store), e => throw e))
        {
            await FlowFixture.UntilAsync(() => store.List(new MessageFilter { Status = MessageStatus.Sent }).Rows.Count == 1);
        }

        TestCarrier.Receipt(carrier.Session, "C000002", ReceiptState.Undeliverable, "46701234567");
        await f.ReachesAsync(id, MessageStatus.Undelivered);
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        await FlowFixture.UntilAsync(() => f.Messaging.Find(id)!.Timeline.Count(t => t.Event == "message.receipt") == 2);
        await using var host = new ProjectionHost(f.Engine, new MessageProjection(f.Engine, store), e => throw e);
        await f.Engine.WaitDurableAsync(f.Engine.Journal.End);
        await FlowFixture.UntilAsync(() => host.Behind == 0);
        Assert.Equal(MessageStatus.Undelivered, Assert.Single(store.List(new MessageFilter()).Rows).Status);
    }

    /// <summary>A wall clock that stands, on a whole second; the monotonic one goes on.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        private readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(System.GetUtcNow().ToUnixTimeSeconds());

        public override DateTimeOffset GetUtcNow() => _now;
    }

    /// <summary>Has room for one segment.</summary>
    private sealed class SmallDisk : JournalStorage
    {
        private int _segments;

        public override void Allocate(Microsoft.Win32.SafeHandles.SafeFileHandle file, long bytes)
        {
            if (Interlocked.Increment(ref _segments) > 1)
            {
                throw new IOException("No space left on device.");
            }

            base.Allocate(file, bytes);
        }
    }
}
