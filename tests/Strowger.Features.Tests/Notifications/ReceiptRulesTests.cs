using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Notifications;

/// <summary>Receipts that stop, and texts that arrive less often than they did.</summary>
public sealed class ReceiptRulesTests
{
    private static readonly DateTimeOffset _now = new(2026, 5, 17, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlarmReadings _up = new() { Channels = [new ChannelReading("a", "up", null), new ChannelReading("silent", "up", null)] };

    [Fact]
    public async Task A_channel_whose_receipts_stop_is_told_of_and_one_that_never_had_any_is_not()
    {
        await using var f = new FlowFixture();
        var (counts, stages) = Open(f);
        Receipts(counts, "a", _now.AddHours(-2), ReceiptState.Delivered, 1);
        Sent(counts, stages["a"], _now.AddMinutes(-5), 20);
        Sent(counts, stages["silent"], _now.AddMinutes(-5), 1000);
        var judge = new AlarmJudge(counts);
        Assert.Empty(judge.Look(_up, Usual, _now));
        Sent(counts, stages["a"], _now.AddMinutes(-4), 1);

        var found = Assert.Single(judge.Look(_up, Usual, _now));

        Assert.Equal((AlarmRules.ReceiptsStopped, "a", "21 texts handed over in 15 min and no receipt"), (found.Rule.Name, found.Subject, found.Detail));
        Receipts(counts, "a", _now, ReceiptState.Undeliverable, 1);
        Assert.Empty(judge.Look(_up, Usual, _now));
    }

    [Fact]
    public async Task A_share_that_falls_below_that_of_the_day_before_is_told_of_when_there_are_enough_on_both_sides()
    {
        await using var f = new FlowFixture();
        var (counts, _) = Open(f);
        var judge = new AlarmJudge(counts);
        Receipts(counts, "a", _now.AddHours(-5), ReceiptState.Delivered, 95);
        Receipts(counts, "a", _now.AddHours(-5), ReceiptState.Undeliverable, 5);
        Receipts(counts, "a", _now.AddMinutes(-3), ReceiptState.Delivered, 30);
        Receipts(counts, "a", _now.AddMinutes(-3), ReceiptState.Undeliverable, 19);
        Assert.Empty(judge.Look(_up, Usual, _now));
        Receipts(counts, "a", _now.AddMinutes(-2), ReceiptState.Undeliverable, 1);

        var found = Assert.Single(judge.Look(_up, Usual, _now));

        Assert.Equal((AlarmRules.DeliveryFallen, "60 % of 50 texts delivered in 15 min, before that 95 %"), (found.Rule.Name, found.Detail));
        Assert.Empty(judge.Look(_up, name => Usual(name) with { Limit = 40 }, _now));
    }

    [Fact]
    public async Task What_a_day_is_compared_with_outlives_a_restart_and_is_counted_once()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        using (var store = ReceiptCountStore.Open(f.Path, f.Engine.Journal.End))
        {
            await TextAsync(f, carrier, "C000001");
            Assert.Equal((1, 1), Read(f, store, isStopped: true));
            await TextAsync(f, carrier, "C000002");

            // Read, and killed before it was kept.
            Assert.Equal((2, 2), Read(f, store, isStopped: false));
        }

        using (var store = ReceiptCountStore.Open(f.Path, f.Engine.Journal.End))
        {
            var counts = new ReceiptCounts(f.Engine);
            counts.Load(store.List());
            Assert.Equal(1, SumOf(counts).Receipts);
            Assert.Equal((2, 2), Read(f, store, isStopped: true));
            Assert.Equal((2, 2), Read(f, store, isStopped: true));
        }

        // Thrown away, it is built again.
        foreach (var file in Directory.GetFiles(Path.Combine(f.Path, "read"), "receipt-counts.db*"))
        {
            File.Delete(file);
        }

        using var again = ReceiptCountStore.Open(f.Path, f.Engine.Journal.End);
        Assert.Equal((2, 2), Read(f, again, isStopped: true));
    }

    [Fact]
    public void Minutes_older_than_a_day_are_dropped()
    {
        var directory = Directory.CreateTempSubdirectory("strowger-counts-");
        try
        {
            using var store = ReceiptCountStore.Open(directory.FullName, 100);
            store.Apply([new ReceiptMinute("a", 1, 1, 1, 1, 1), new ReceiptMinute("a", 2, 2, 2, 2, 2)], 10);
            store.Apply([new ReceiptMinute("b", 1 + ReceiptCountStore.MinutesKept, 3, 3, 3, 3)], 20);
            Assert.Equal([2L, 1 + ReceiptCountStore.MinutesKept], store.List().Select(minute => minute.Number));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task TextAsync(FlowFixture f, TestCarrier carrier, string id)
    {
        await f.SendAsync();
        await Until.TrueAsync(() => Count(f, (in EngineEvent item) => item.Kind == EntryKind.Done) == int.Parse(id[1..]));
        TestCarrier.Receipt(carrier.Session, id, ReceiptState.Delivered, "46701234567");
        await Until.TrueAsync(() => Count(f, (in EngineEvent item) => item.Kind == EntryKind.Event && item.Code == MessagingEvents.Receipt) == int.Parse(id[1..]));
    }

    private delegate bool IsIt(in EngineEvent item);

    private static int Count(FlowFixture f, IsIt isIt)
    {
        var count = 0;
        f.Read((in EngineEvent item) => count += isIt(item) ? 1 : 0);
        return count;
    }

    /// <summary>Reads the log as the server does, from where the counts are; what the rules see then.</summary>
    private static (long Sent, long Receipts) Read(FlowFixture f, ReceiptCountStore store, bool isStopped)
    {
        var counts = new ReceiptCounts(f.Engine);
        using var settings = SettingsStore.Open(f.Path, TimeProvider.System);
        var options = new AlarmOptions();
        var projection = new AlarmProjection(f.Engine, new AlarmBook(settings, options, TimeProvider.System), counts, store, options, Path.Combine(f.Path, "alarms.cursor"));
        var reader = EventReader.From(f.Engine, projection.LoadCursor());
        while (reader.ReadRecord(projection.Apply))
        {
        }

        projection.Commit(reader.Next);
        if (isStopped)
        {
            projection.Flush();
        }

        var sum = SumOf(counts);
        return (sum.Sent, sum.Receipts);
    }

    private static ReceiptCounts.Minute SumOf(ReceiptCounts counts) =>
        counts.Sum("a", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds(), TimeSpan.FromHours(1), TimeSpan.Zero);

    private static AlarmRule Usual(string name) => AlarmRules.Find(name)!.Usual;

    private static (ReceiptCounts Counts, Dictionary<string, int> Stages) Open(FlowFixture f)
    {
        foreach (var name in (string[])["a", "silent"])
        {
            f.Engine.AddStage(new StageOptions { Name = name });
        }

        return (new ReceiptCounts(f.Engine), Enumerable.Range(1, 2).ToDictionary(f.Engine.StageName));
    }

    private static void Sent(ReceiptCounts counts, int stage, DateTimeOffset at, int count)
    {
        for (var i = 0; i < count; i++)
        {
            counts.Add(new EngineEvent { Kind = EntryKind.Done, Stage = stage, TimeMs = at.ToUnixTimeMilliseconds() });
        }
    }

    private static void Receipts(ReceiptCounts counts, string channel, DateTimeOffset at, ReceiptState state, int count)
    {
        var data = new byte[ReceiptData.MaxBytes];
        var length = new ReceiptData { State = state, Channel = Encoding.UTF8.GetBytes(channel) }.Write(data);
        for (var i = 0; i < count; i++)
        {
            counts.Add(new EngineEvent { Kind = EntryKind.Event, Code = MessagingEvents.Receipt, TimeMs = at.ToUnixTimeMilliseconds(), Data = data.AsSpan(0, length) });
        }
    }
}
