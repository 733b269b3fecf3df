using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Projections;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Records.Messages;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Messaging.Receipts;

/// <summary>Texts whose receipt does not come.</summary>
public sealed class OverdueReceiptsTests
{
    private static readonly OverdueOptions _atOnce = new() { QueryAfter = TimeSpan.Zero, PageEvery = TimeSpan.Zero, Rest = TimeSpan.Zero };

    [Fact]
    public async Task The_carrier_is_asked_and_what_it_says_is_the_receipt()
    {
        await using var run = await Run.StartAsync();
        var delivered = await run.SentAsync("+46700000001");
        var lost = await run.SentAsync("+46700000002");
        var onItsWay = await run.SentAsync("+46700000003");
        var forgotten = await run.SentAsync("+46700000004");
        var notKnown = await run.SentAsync("+46700000005");
        run.Carrier.StateOf = id => id switch { "C000001" => 2, "C000002" => 5, "C000003" => 1, "C000004" => 7, _ => null };
        await using var overdue = run.Overdue(_atOnce);
        await run.TurnUntilAsync(overdue, () => run.Carrier.Queries.Count == 5 && overdue.Told == 2);
        await run.Flow.ReachesAsync(delivered, MessageStatus.Delivered);
        Assert.Contains("UNDELIV", (await run.Flow.ReachesAsync(lost, MessageStatus.Undelivered)).Error!.Detail, StringComparison.Ordinal);
        foreach (var id in (MessageId[])[onItsWay, forgotten, notKnown])
        {
            Assert.Equal(MessageStatus.Sent, run.Flow.Messaging.Find(id)!.Status);
        }

        Assert.Equal(5, run.Carrier.Queries.Select(q => q.Id).Distinct().Count());
        Assert.All(run.Carrier.Queries, q => Assert.Equal("12345", q.Source));
    }

    [Fact]
    public async Task Those_whose_receipt_came_and_those_just_sent_are_not_asked_about()
    {
        await using var run = await Run.StartAsync();
        await run.SentAsync("+46700000001");
        var known = await run.SentAsync("+46700000002");
        TestCarrier.Receipt(run.Carrier.Session, "C000002", ReceiptState.Delivered, "46700000002");
        await run.Flow.ReachesAsync(known, MessageStatus.Delivered);
        await using (var later = run.Overdue(_atOnce with { QueryAfter = TimeSpan.FromHours(1) }))
        {
            later.Turn();
            later.Turn();
            Assert.Equal(0, later.Asked);
        }

        await using var overdue = run.Overdue(_atOnce);
        await run.TurnUntilAsync(overdue, () => !run.Carrier.Queries.IsEmpty);
        overdue.Turn();
        Assert.Equal(["C000001"], run.Carrier.Queries.Select(q => q.Id));
    }

    [Fact]
    public async Task A_carrier_whose_window_is_not_idle_is_not_asked()
    {
        await using var run = await Run.StartAsync();
        run.Carrier.Answer = n => n == 1 ? 0u : null;
        await run.SentAsync("+46700000001");
        await run.Flow.SendAsync("+46700000002");
        await run.UntilAsync(() => run.Carrier.Submits.Count == 2);
        await using var overdue = run.Overdue(_atOnce);
        for (var i = 0; i < 10; i++)
        {
            overdue.Turn();
        }

        Assert.Equal(0, overdue.Asked);
    }

    [Fact]
    public async Task After_three_days_and_its_validity_a_text_is_unknown_until_a_late_receipt_corrects_it()
    {
        var time = new ShiftedTime();
        await using var run = await Run.StartAsync(time);
        var plain = await run.SentAsync("+46700000001");
        var valid = await run.SentAsync("+46700000002", ",\"expires_in\":86400");
        var parts = await run.SentAsync("+46700000003", text: new string('x', 300));
        TestCarrier.Receipt(run.Carrier.Session, "C000003", ReceiptState.Delivered, "46700000003");
        await run.UntilAsync(() => run.Flow.Messaging.Find(parts)!.Timeline.Any(t => t.Event == "message.receipt"));
        time.Shift = TimeSpan.FromHours(71);
        await using var overdue = run.Overdue(_atOnce with { QueryAfter = TimeSpan.FromHours(72) });
        overdue.Turn();
        Assert.Equal(0, overdue.GivenUp);
        time.Shift = TimeSpan.FromHours(72.1);
        await run.TurnUntilAsync(overdue, () => overdue.GivenUp == 2);
        Assert.Equal("receipt_unknown", (await run.Flow.ReachesAsync(plain, MessageStatus.Unknown)).Error!.Name);
        await run.Flow.ReachesAsync(parts, MessageStatus.Unknown);
        Assert.Equal(MessageStatus.Sent, run.Flow.Messaging.Find(valid)!.Status);
        await run.UntilAsync(() => run.Lists.List(new MessageFilter { Status = MessageStatus.Unknown }).Rows.Count == 2);
        Assert.All(run.Lists.List(new MessageFilter { Status = MessageStatus.Unknown }).Rows, row => Assert.Equal(0, row.Error));
        time.Shift = TimeSpan.FromHours(96.1);
        await run.TurnUntilAsync(overdue, () => overdue.GivenUp == 3);
        TestCarrier.Receipt(run.Carrier.Session, "C000001", ReceiptState.Delivered, "46700000001");
        await run.Flow.ReachesAsync(plain, MessageStatus.Delivered);
    }

    /// <summary>Carrier, channel and list.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private ProjectionHost? _host;

        private Run(TimeProvider? time) => Flow = new FlowFixture(time);

        public TestCarrier Carrier { get; } = new();

        public FlowFixture Flow { get; }

        public MessageStore Lists { get; private set; } = null!;

        public static async Task<Run> StartAsync(TimeProvider? time = null)
        {
            var run = new Run(time);
            run.Lists = MessageStore.Open(new MessageStoreOptions { DataDirectory = run.Flow.Path }, TimeProvider.System);
            await run.Flow.Channels.AddAsync(FlowFixture.Smpp(run.Carrier));
            run._host = new ProjectionHost(run.Flow.Engine, new MessageProjection(run.Flow.Engine, run.Lists), e => Assert.Fail(e.ToString()));
            return run;
        }

        public OverdueReceipts Overdue(OverdueOptions options) =>
            new(Flow.Engine, Flow.Channels, Lists, options, e => Assert.Fail(e.ToString()));

        public async Task<MessageId> SentAsync(string to, string more = "", string text = "hello")
        {
            var id = await Flow.SendAsync(to, text, more);
            await Flow.ReachesAsync(id, MessageStatus.Sent);
            await UntilAsync(() => Lists.List(new MessageFilter { To = ulong.Parse(to) }).Rows is [{ Status: MessageStatus.Sent }]);
            return id;
        }

        public Task TurnUntilAsync(OverdueReceipts overdue, Func<bool> condition) => UntilAsync(() =>
        {
            overdue.Turn();
            return condition();
        });

        public async Task UntilAsync(Func<bool> condition)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (!condition())
            {
                Assert.False(patience.IsCancellationRequested, "waited 20 s");
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _host!.DisposeAsync();
            await Flow.DisposeAsync();
            Lists.Dispose();
            await Carrier.DisposeAsync();
        }
    }
}
