using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Routes;
using Strowger.Records.Messages;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>Channels that come, change and go while texts wait; wrong ones change nothing.</summary>
public sealed class ChannelSetTests
{
    [Fact]
    public async Task A_route_has_as_many_channels_as_a_queue_takes_and_not_one_more()
    {
        await using var f = new FlowFixture();
        for (var i = 0; i < Route.MaxChannels; i++)
        {
            await f.Channels.AddAsync(Discard($"default-{i}"));
        }

        await f.Channels.AddAsync(Discard("sweden", "46"));
        Assert.Equal("prefixes", f.Channels.Check(Discard("one-more"))!.Field);
        await Assert.ThrowsAsync<ArgumentException>(() => f.Channels.AddAsync(Discard("one-more")));
        await Assert.ThrowsAsync<ArgumentException>(() => f.Channels.ChangeAsync(Discard("sweden")));
        Assert.Equal(Route.MaxChannels + 1, f.Channels.All.Count);
        Assert.Equal("sweden", (await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent)).Channel);

        // All of the default route come to the queue that its own channel leaves.
        Assert.True(await f.Channels.RemoveAsync("sweden"));
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        await f.Channels.AddAsync(Discard("norway", "47"));
        await f.Channels.ChangeAsync(Discard("norway", "46"));
        Assert.Equal("norway", (await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent)).Channel);
    }

    [Fact]
    public async Task A_name_that_is_taken_and_settings_that_cannot_be_leave_all_as_it_was()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        await Assert.ThrowsAsync<ArgumentException>(() => f.Channels.AddAsync(FlowFixture.Smpp(carrier)));
        var wrong = FlowFixture.Smpp(carrier) with { Password = new string('é', 64) };
        Assert.Equal("password", f.Channels.Check(wrong)!.Field);
        Assert.Equal("window", f.Channels.Check(FlowFixture.Smpp(carrier) with { Window = 0 })!.Field);
        Assert.Equal("rate", f.Channels.Check(Discard("n") with { Rate = 0 })!.Field);
        await Assert.ThrowsAsync<ArgumentException>(() => f.Channels.ChangeAsync(wrong));
        await Assert.ThrowsAsync<ArgumentException>(() => f.Channels.AddAsync(wrong with { Name = "b" }));
        await f.Channels.AddAsync(Discard("b", "1"));
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Single(carrier.Submits);
    }

    [Fact]
    public async Task A_text_that_enters_while_its_prefix_goes_is_sent_by_the_next_shorter_one()
    {
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(Discard("default"));
        await f.Channels.AddAsync(Discard("sweden", "46"));
        var intake = f.Messaging.Rent();
        Assert.True(MessageRequestParser.TryParse("""{"to":"+46701234567","from":"12345","text":"x"}"""u8, intake.Request, out _));
        Assert.Null(intake.Prepare(out var message));
        Assert.Equal("sms:46", message.Route.Queue);
        await f.Channels.RemoveAsync("sweden");
        var result = await f.Engine.EnqueueAsync(intake.ToJob(message));
        Assert.Equal("default", (await f.ReachesAsync(new MessageId(result.Id), MessageStatus.Sent)).Channel);
    }

    [Fact]
    public async Task A_text_is_checked_by_the_settings_of_a_channel_that_goes_at_that_moment()
    {
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(Discard("default") with { MaxParts = 1 });
        var before = f.Channels.Routes;
        await f.Channels.RemoveAsync("default");
        Assert.Equal(1, before.Find(new Msisdn(46701234567))!.Expected.MaxParts);
        Assert.Equal("no_route", (await f.TrySendAsync()).Error!.Code);
    }

    [Fact]
    public async Task A_discard_channel_changed_to_smpp_sends()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(Discard("a"));
        var waiting = await f.TrySendAsync(more: ",\"send_at\":\"2099-01-01T00:00:00Z\"");
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.True(await f.Channels.ChangeAsync(FlowFixture.Smpp(carrier)));
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Single(carrier.Submits);
        Assert.True(await f.Channels.ChangeAsync(Discard("a")));
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Single(carrier.Submits);
        Assert.Equal(MessageStatus.Scheduled, f.Messaging.Find(waiting.Id)!.Status);
    }

    [Fact]
    public async Task A_receipt_for_what_a_channel_sent_before_it_was_made_anew_finds_its_text()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier));
        var id = await f.SendAsync();
        await f.ReachesAsync(id, MessageStatus.Sent);
        await f.Channels.ChangeAsync(FlowFixture.Smpp(carrier) with { SystemType = "new" });
        await FlowFixture.UntilAsync(() => f.Channels.Find("a")!.Binds.All(b => b.State == "bound"));
        TestCarrier.Receipt(carrier.Sessions.Last(s => s.IsBound), "C000001", Smpp.Receipts.ReceiptState.Delivered, "46701234567");
        await f.ReachesAsync(id, MessageStatus.Delivered);
    }

    private static ChannelSettings Discard(string name, params string[] prefixes) => new() { Name = name, Kind = "discard", Prefixes = prefixes };
}
