using System.Text;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Projections;
using Strowger.Records.Messages;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Messaging.Flow;

public sealed class FlowTests
{
    [Fact]
    public async Task A_text_goes_out_and_its_receipt_is_found()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        var sent = await f.ReachesAsync(id, MessageStatus.Sent);
        Assert.Equal("a", sent.Channel);
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        var view = await f.ReachesAsync(id, MessageStatus.Delivered);
        Assert.Equal(["message.accepted", "message.sending", "message.sent", "message.receipt"], view.Timeline.Select(t => t.Event));
        Assert.Equal("hello", view.Text);
        Assert.NotNull(view.Lateness.CarrierMs);
    }

    [Theory]
    [InlineData("C000001", "000C000001")]
    [InlineData("00AB12", "ab12")]
    [InlineData("1A2B", "6699")]
    [InlineData("6699", "1a2b")]
    public async Task A_receipt_whose_id_looks_otherwise_is_found(string given, string reported)
    {
        await using var carrier = new TestCarrier { IdOf = _ => given };
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await f.ReachesAsync(id, MessageStatus.Sent);
        TestCarrier.Receipt(carrier.Session, reported, ReceiptState.Undeliverable, "46701234567");
        var view = await f.ReachesAsync(id, MessageStatus.Undelivered);
        Assert.NotNull(view.Error);
    }

    [Fact]
    public async Task A_receipt_that_comes_before_the_answer_waits_for_it()
    {
        await using var carrier = new TestCarrier();
        carrier.BeforeAnswer = (session, n) => TestCarrier.Receipt(session, carrier.IdOf(n), ReceiptState.Delivered, "46701234567");
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Delivered);
    }

    [Fact]
    public async Task A_receipt_after_a_restart_finds_its_text_on_disk()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await f.ReachesAsync(id, MessageStatus.Sent);
        await f.Engine.WaitDurableAsync(f.Engine.Journal.End);
        await using (var host = new Strowger.Engine.ProjectionHost(f.Engine, new ReceiptProjection(f.Engine, f.Receipts), e => throw e))
        {
            while (host.Behind > 0 || f.Receipts.Cursor == 0)
            {
                await Task.Yield();
            }
        }

        var before = carrier.Session.Id;
        await f.RestartAsync(kill: false);
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await UntilAsync(() => carrier.Sessions.Any(s => s.IsBound && s.Id != before));
        TestCarrier.Receipt(carrier.Sessions.First(s => s.IsBound && s.Id != before), "C000001", ReceiptState.Delivered, "46701234567");
        await f.ReachesAsync(id, MessageStatus.Delivered);
    }

    [Fact]
    public async Task A_long_text_goes_in_parts_and_has_the_status_of_its_worst()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync(text: new string('x', 400));
        await f.ReachesAsync(id, MessageStatus.Sent);
        Assert.Equal(3, carrier.Submits.Count);
        Assert.All(carrier.Submits, s => Assert.Equal(0x40, s.EsmClass));
        Assert.Equal([1, 2, 3], carrier.Submits.Select(s => (int)s.Payload[5]));
        Assert.Single(carrier.Submits.Select(s => s.Payload[3]).Distinct());
        for (var n = 1; n <= 2; n++)
        {
            TestCarrier.Receipt(carrier.Session, carrier.IdOf(n), ReceiptState.Delivered, "46701234567");
        }

        await UntilAsync(() => f.Messaging.Find(id)!.Timeline.Count(t => t.Event == "message.receipt") == 2);
        Assert.Equal(MessageStatus.Sent, f.Messaging.Find(id)!.Status);
        TestCarrier.Receipt(carrier.Session, carrier.IdOf(3), ReceiptState.Expired, "46701234567");
        await f.ReachesAsync(id, MessageStatus.Undelivered);
    }

    [Fact]
    public async Task Throttling_is_no_attempt_and_a_refusal_for_good_ends_it()
    {
        await using var carrier = new TestCarrier { Answer = n => n <= 3 ? CommandStatus.Throttled : n == 4 ? 0u : CommandStatus.InvalidDestinationAddress };
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { Rate = 1000 });
        var sent = await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Equal(3, sent.Timeline.Count(t => t.Event == "message.throttled"));
        var failed = await f.ReachesAsync(await f.SendAsync(), MessageStatus.Failed);
        Assert.Contains("DST", failed.Error!.Name, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_part_on_a_cut_connection_is_settled_by_its_receipt_or_sent_again()
    {
        await using var carrier = new TestCarrier { Answer = n => n <= 2 ? null : 0u };
        carrier.BeforeAnswer = (session, n) =>
        {
            if (n == 2)
            {
                session.Close("test");
            }
        };
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var settled = await f.SendAsync("+46700000001");
        var resent = await f.SendAsync("+46700000002");
        await UntilAsync(() => f.Messaging.Find(resent)!.Timeline.Any(t => t.Event == "message.unsure") && carrier.Sessions.Any(s => s.IsBound));
        TestCarrier.Receipt(carrier.Session, "X1", ReceiptState.Delivered, "46700000001");
        await f.ReachesAsync(settled, MessageStatus.Delivered);
        await f.ReachesAsync(resent, MessageStatus.Sent);
        Assert.Equal(3, carrier.Submits.Count);
    }

    [Fact]
    public async Task What_was_accepted_before_a_kill_goes_out_after_it()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        f.Channels.Find("a")!.Stage.Pause();
        var id = await f.SendAsync();
        await f.RestartAsync(kill: true);
        Assert.Equal(MessageStatus.Queued, f.Messaging.Find(id)!.Status);
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await f.ReachesAsync(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task Routes_go_by_longest_prefix_and_waiting_texts_go_by_another_channel()
    {
        await using var a = new TestCarrier();
        await using var b = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(a, "default"));
        await f.Channels.AddAsync(FlowFixture.Smpp(b, "sweden") with { Prefixes = ["46"] });
        Assert.Equal("sweden", (await f.ReachesAsync(await f.SendAsync("+46700000001"), MessageStatus.Sent)).Channel);
        Assert.Equal("default", (await f.ReachesAsync(await f.SendAsync("+47700000001"), MessageStatus.Sent)).Channel);
        Assert.Equal("default", (await f.ReachesAsync(await f.SendAsync("+46700000002", more: ",\"channel\":\"default\""), MessageStatus.Sent)).Channel);
        f.Channels.Find("sweden")!.Stage.Pause();
        var waiting = await f.SendAsync("+46700000003");
        await f.Channels.RemoveAsync("sweden");
        Assert.Equal("default", (await f.ReachesAsync(waiting, MessageStatus.Sent)).Channel);
        Assert.Equal("unknown_channel", (await f.TrySendAsync(more: ",\"channel\":\"nowhere\"")).Error!.Code);
    }

    [Fact]
    public async Task Too_late_is_said_at_the_door()
    {
        await using var f = new FlowFixture();
        Assert.Equal("no_route", (await f.TrySendAsync()).Error!.Code);
        await f.Channels.AddAsync(new ChannelSettings { Name = "slow", Kind = "discard", Rate = 1 });
        f.Channels.Find("slow")!.Stage.Pause();
        for (var i = 0; i < 100; i++)
        {
            await f.SendAsync();
        }

        await Task.Delay(150);
        Assert.Equal("too_late", (await f.TrySendAsync(more: ",\"expires_in\":10")).Error!.Code);
        Assert.Null((await f.TrySendAsync(more: ",\"expires_in\":10,\"priority\":\"urgent\"")).Error);
        var id = await f.SendAsync(more: ",\"send_at\":\"2099-01-01T00:00:00Z\"");
        Assert.Equal(MessageStatus.Scheduled, f.Messaging.Find(id)!.Status);
        Assert.Equal(MessageStatus.Cancelled, (await f.Messaging.CancelAsync(id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task An_idempotency_key_gives_the_first_message_again()
    {
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(new ChannelSettings { Name = "n", Kind = "discard" });
        var first = await f.TrySendAsync(key: "k");
        var again = await f.TrySendAsync(key: "k");
        Assert.True(again.IsRepeat);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal("idempotency_key_reused", (await f.TrySendAsync(text: "other", key: "k")).Error!.Code);
    }

    [Fact]
    public async Task An_incoming_text_is_in_the_log_before_the_carrier_is_answered()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await UntilAsync(() => carrier.Sessions.Any(s => s.IsBound));
        TestCarrier.Text(carrier.Session, "46709999999", "STOP");
        await UntilAsync(() => !carrier.DeliverAnswers.IsEmpty);
        var found = new List<string?>();
        var reader = Strowger.Engine.EventReader.From(f.Engine, 0);
        while (reader.ReadRecord((in Strowger.Engine.EngineEvent e) =>
        {
            if (e.Code == MessagingEvents.Inbound)
            {
                found.Add(Strowger.Features.Messaging.Inbound.InboundText.Parse(e.Data)?.Text);
            }
        }))
        {
        }

        Assert.Equal(["STOP"], found);
    }

    [Fact]
    public async Task A_resend_asks_for_all_that_was_asked_before()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync(more: ",\"channel\":\"a\",\"reference\":\"r\",\"callback_url\":\"https://example.com/x\",\"tlvs\":{\"0x1400\":\"0a0b\"}");
        var first = await f.ReachesAsync(id, MessageStatus.Sent);
        var again = (await f.Messaging.ResendAsync(id, default, CancellationToken.None))!.Value;
        Assert.Null(again.Error);
        Assert.NotEqual(id, again.Id);
        var second = await f.ReachesAsync(again.Id, MessageStatus.Sent);
        Assert.Equal((first.Text, first.RequestedChannel, first.Reference, first.CallbackUrl), (second.Text, second.RequestedChannel, second.Reference, second.CallbackUrl));
        Assert.Equal("0a0b", second.Tlvs["0x1400"]);
        Assert.Equal(2, carrier.Submits.Count);
    }

    [Fact]
    public async Task A_pair_sends_on_one_bind_and_hears_receipts_on_the_other()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { Mode = SmppMode.Pair });
        var id = await f.SendAsync();
        await f.ReachesAsync(id, MessageStatus.Sent);
        await UntilAsync(() => carrier.Sessions.Count(s => s.IsBound) == 2);
        TestCarrier.Receipt(carrier.Sessions.Single(s => s.Mode == BindMode.Receiver), "C000001", ReceiptState.Delivered, "46701234567");
        await f.ReachesAsync(id, MessageStatus.Delivered);
        Assert.Equal(10, f.Channels.Find("a")!.Stage.Width);
    }

    [Fact]
    public async Task The_lists_follow()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        using var store = MessageStore.Open(new MessageStoreOptions { DataDirectory = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")) }, TimeProvider.System);
        await using var host = new Strowger.Engine.ProjectionHost(f.Engine, new MessageProjection(f.Engine, store), e => throw e);
        var one = await f.SendAsync();
        var many = await f.SendAsync("+46700000002", new string('y', 200));
        await f.ReachesAsync(many, MessageStatus.Sent);
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        await f.ReachesAsync(one, MessageStatus.Delivered);
        await UntilAsync(() => store.List(new MessageFilter { Status = MessageStatus.Delivered }).Rows.Count == 1);
        Assert.Single(store.List(new MessageFilter { Status = MessageStatus.Sent }).Rows);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "waited 20 s");
            await Task.Yield();
        }
    }
}
