using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Messaging.Receipts;

/// <summary>Which part a receipt is for.</summary>
public sealed class ReceiptTests
{
    private const ulong Alice = 46701234567;
    private const ulong Bob = 46707654321;

    [Theory]
    [InlineData("46701234567", true, true)]
    [InlineData("+46701234567", true, true)]
    [InlineData("0046701234567", true, true)]
    [InlineData("0701234567", false, true)]
    [InlineData("701234567", true, true)]
    [InlineData("34567", true, false)]
    [InlineData("46701234568", true, false)]
    [InlineData("146701234567", true, false)]
    public void A_number_is_read_as_carriers_write_it(string text, bool isWhole, bool fits)
    {
        var number = CarrierNumber.Parse(Encoding.ASCII.GetBytes(text));
        Assert.Equal((isWhole, fits), (number.IsWhole, number.Fits(Alice)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Shop")]
    [InlineData("46701234567;x")]
    [InlineData("46701234567x")]
    [InlineData("1234567890123456")]
    [InlineData("99999999999999999999999")]
    [InlineData("000")]
    public void What_is_no_number_is_not_taken_for_one(string text) => Assert.False(CarrierNumber.Parse(Encoding.ASCII.GetBytes(text)).IsKnown);

    [Fact]
    public void A_receipt_is_for_a_number_of_its_own_unless_it_names_none()
    {
        Assert.True(ReceiptNumbers.Of("46701234567"u8, "12345"u8).Fit(Alice));
        Assert.True(ReceiptNumbers.Of("12345"u8, "46701234567"u8).Fit(Alice));
        Assert.True(ReceiptNumbers.Of("somebody"u8, "12345"u8).Fit(Alice));
        Assert.False(ReceiptNumbers.Of("46707654321"u8, "Shop"u8).Fit(Alice));
    }

    [Fact]
    public async Task Early_receipts_wait_each_for_its_own_part()
    {
        await using var f = new FlowFixture();
        var matcher = new ReceiptMatcher("a", f.Receipts, TimeProvider.System);
        var key = matcher.KeyOf("7B"u8);
        Assert.False(matcher.Park(Receipt("7B", Alice, ReceiptState.EnRoute), out _));
        Assert.False(matcher.Park(Receipt("007b", Bob, ReceiptState.Rejected), out _));
        Assert.False(matcher.Park(Receipt("123", Alice, ReceiptState.Delivered), out _));
        Assert.Empty(matcher.Remember(key, new JobId(1), 46709999999));
        Assert.Equal([ReceiptState.EnRoute, ReceiptState.Delivered], matcher.Remember(key, new JobId(2), Alice).Select(r => r.State));
        Assert.Equal([ReceiptState.Rejected], matcher.Remember(key, new JobId(3), Bob).Select(r => r.State));
        Assert.Equal(0, matcher.Parked.Count);
        Assert.True(matcher.TryFind("7B"u8, Receipt("7B", Bob, 0).Numbers, out var job));
        Assert.Equal(3, job.Value);
        Assert.False(matcher.TryFind("7B"u8, Receipt("7B", 46701111111, 0).Numbers, out _));
    }

    [Fact]
    public async Task A_receipt_in_vain_is_counted_once_however_many_forms_its_id_has()
    {
        var time = new SteppedTime();
        await using var f = new FlowFixture();
        var matcher = new ReceiptMatcher("a", f.Receipts, time);
        matcher.Park(Receipt("123", Alice, ReceiptState.Delivered), out _);
        time.Now += (long)(ParkedReceipts.ParkTime.TotalSeconds - 1) * time.TimestampFrequency;
        matcher.Parked.Expire();
        Assert.Equal(0, matcher.Parked.Unmatched);
        time.Now += 2 * time.TimestampFrequency;
        matcher.Parked.Expire();
        Assert.Equal((1, 0), (matcher.Parked.Unmatched, matcher.Parked.Count));
        Assert.Empty(matcher.Remember(matcher.KeyOf("123"u8), new JobId(1), Alice));
    }

    [Fact]
    public async Task Receipts_find_their_parts_when_the_index_on_disk_catches_up_by_number_and_all_of_them()
    {
        const int Count = 1500;
        await using var f = new FlowFixture();
        var receipts = new ChannelReceipts("a", f.Engine, f.Receipts, TimeProvider.System);
        receipts.Start();
        var events = new EventBatch();
        for (var i = 0; i < Count; i++)
        {
            receipts.Take(events, Receipt($"id-{i}", Alice, ReceiptState.Delivered), default);
        }

        receipts.Take(events, Receipt("twice", Bob, ReceiptState.Delivered), default);
        f.Receipts.Append([.. Enumerable.Range(0, Count).Select(i => Entry($"id-{i}", i + 1, Alice)), Entry("twice", 5000, Alice), Entry("twice", 5001, Bob)], 1);
        receipts.Stop();
        Assert.Equal(0, receipts.Matcher.Parked.Count);
        await f.Engine.WaitDurableAsync(f.Engine.Journal.End);
        var found = new List<long>();
        f.Read((in EngineEvent e) => found.Add(e.Code == MessagingEvents.Receipt ? e.Job.Value : 0));
        Assert.Equal([.. Enumerable.Range(1, Count).Select(i => (long)i), 5001], found);

        ReceiptEntry Entry(string id, long job, ulong number) =>
            new(receipts.Matcher.KeyOf(Encoding.ASCII.GetBytes(id)), job, number, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60));
    }

    [Fact]
    public void Unsure_parts_that_were_answered_or_resent_do_not_count_and_are_let_go()
    {
        var unsure = new HashSet<long> { 1, 2 };
        var parts = new UnsureParts(job => unsure.Contains(job.Value));
        parts.Add(Alice, new JobId(1));
        parts.Add(Alice, new JobId(1));
        Assert.True(parts.TryFindOnly(Alice, out var job));
        Assert.Equal(1, job.Value);
        parts.Add(Alice, new JobId(2));
        Assert.False(parts.TryFindOnly(Alice, out _));
        unsure.Remove(1);
        Assert.True(parts.TryFindOnly(Alice, out job));
        Assert.Equal(2, job.Value);
        parts.Sweep();
        Assert.Equal(1, parts.Count);
        unsure.Clear();
        parts.Sweep();
        Assert.Equal(0, parts.Count);
        Assert.False(parts.TryFindOnly(Alice, out _));
    }

    [Fact]
    public void Recent_ids_take_memory_as_they_come_and_an_id_given_again_and_again_stays_quick()
    {
        var ids = new RecentIds();
        Assert.True(ids.Slots * 24 < 100_000);
        for (var i = 1; i <= RecentIds.Capacity; i++)
        {
            ids.Add((ulong)i * 0x9E3779B97F4A7C15, i, Alice);
        }

        for (var i = 1; i <= RecentIds.Capacity; i += 1000)
        {
            Assert.True(ids.TryFind((ulong)i * 0x9E3779B97F4A7C15, default, out var job));
            Assert.Equal(i, job);
        }

        var same = new RecentIds();
        for (var i = 1; i <= RecentIds.Capacity; i++)
        {
            same.Add(7, i, Alice);
        }

        Assert.True(same.TryFind(7, default, out _));
    }

    /// <summary>Two binds of one channel: the receipt is handled between the answer and the end of its batch.</summary>
    [Fact]
    public async Task A_receipt_on_one_bind_never_stands_before_the_answer_on_another()
    {
        await using var f = new FlowFixture();
        var stage = f.Engine.AddStage(new StageOptions { Name = "a", Width = 10 }, "sms:default");
        var settings = new ChannelSettings { Name = "a", Kind = "smpp", Host = "127.0.0.1" };
        await f.Channels.AddAsync(new ChannelSettings { Name = "n", Kind = "discard", Paused = true });
        await using var channel = new SmppChannel(settings, stage, f.Engine, f.Receipts, TimeProvider.System, new Random(1), null);
        var (one, other) = (new SmppBind(channel, 1) { Client = null! }, new SmppBind(channel, 2) { Client = null! });
        var id = await f.SendAsync();
        var leases = new Lease[1];
        await FlowFixture.UntilAsync(() => stage.TryLease(leases) == 1);
        one.OnSubmitResponse(channel.InFlight.Add(leases[0].Id, leases[0].Token, 1, Alice), 0, "C1"u8, default, late: false);
        var text = new byte[ReceiptWriter.MaxLength];
        var length = ReceiptWriter.Write(new ReceiptFields { MessageId = "C1"u8, State = ReceiptState.Delivered, Error = "000"u8 }, default, text);
        other.OnDeliver(new DeliverSm { EsmClass = 4, Source = "46701234567"u8, Destination = "12345"u8, ShortMessage = text.AsSpan(0, length) }, default);
        other.OnBatchEnd();
        one.OnBatchEnd();
        await f.ReachesAsync(id, MessageStatus.Delivered);
    }

    /// <summary>The first of two hand-overs is reported while the second waits for its answer.</summary>
    [Fact]
    public async Task A_final_receipt_counts_though_an_answer_comes_after_it()
    {
        await using var f = new FlowFixture();
        var stage = f.Engine.AddStage(new StageOptions { Name = "a", Width = 10 }, "sms:default");
        await f.Channels.AddAsync(new ChannelSettings { Name = "n", Kind = "discard", Paused = true });
        var id = await f.SendAsync();
        var leases = new Lease[1];
        await FlowFixture.UntilAsync(() => stage.TryLease(leases) == 1);
        var receipts = new ChannelReceipts("a", f.Engine, f.Receipts, TimeProvider.System);
        var events = new EventBatch();
        receipts.Write(events, id.Job, MessagingEvents.Receipt, Receipt("C1", Alice, ReceiptState.Delivered));
        receipts.Write(events, id.Job, MessagingEvents.Receipt, Receipt("C1", Alice, ReceiptState.EnRoute));
        receipts.Record(events);
        Assert.Equal(MessageStatus.Sending, f.Messaging.Find(id)!.Status);
        var batch = new CompletionBatch();
        batch.Add(leases[0].Id, leases[0].Token, Outcome.Done());
        stage.Complete(batch);
        await f.ReachesAsync(id, MessageStatus.Delivered);
    }

    private static ParkedReceipt Receipt(string id, ulong number, ReceiptState state) =>
        new(state, Encoding.ASCII.GetBytes(id), [], new ReceiptNumbers(new CarrierNumber(number, true), default));

    private sealed class SteppedTime : TimeProvider
    {
        public long Now { get; set; } = 1;

        public override long GetTimestamp() => Now;
    }
}
