using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Tests.Messaging.Flow;
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
