using NodaTime;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Limits;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Records.Messages;
using Strowger.Smpp;

namespace Strowger.Features.Tests.Messaging.Flow;

public sealed class SenderLimitTests
{
    [Fact]
    public void A_day_is_as_long_as_its_zone_makes_it()
    {
        var zone = SenderLimit.ZoneOf("America/New_York")!;
        Assert.Equal((24, 23, 25), (Hours(2026, 3, 7), Hours(2026, 3, 8), Hours(2026, 11, 1)));

        // Where midnight does not exist that day, it begins at one.
        var beirut = SenderLimit.ZoneOf("Asia/Beirut")!;
        var day = SenderLimit.DayOf(beirut, Ms(2026, 3, 29, 12));
        Assert.Equal(Ms(2026, 3, 28, 22), day.StartMs);
        Assert.Equal(23, (day.EndMs - day.StartMs) / 3_600_000.0);

        // Days follow each other without a gap, whatever moment is asked about.
        for (var (at, end) = (Ms(2025, 1, 1, 0), Ms(2027, 1, 1, 0)); at < end; at += 7 * 3_600_000)
        {
            var here = SenderLimit.DayOf(zone, at);
            Assert.InRange(at, here.StartMs, here.EndMs - 1);
            Assert.Equal(here, SenderLimit.DayOf(zone, here.StartMs));
            Assert.Equal(here.EndMs, SenderLimit.DayOf(zone, here.EndMs).StartMs);
        }

        double Hours(int year, int month, int date)
        {
            var found = SenderLimit.DayOf(zone, Ms(year, month, date, 17));
            return (found.EndMs - found.StartMs) / 3_600_000.0;
        }
    }

    [Theory]
    [InlineData("12025550100", "+12025550100", true)]
    [InlineData("ACME", "Acme", true)]
    [InlineData("47474", "47475", false)]
    public void Senders_are_told_apart_as_carriers_do(string limited, string sender, bool isSame) =>
        Assert.Equal(isSame, KeyOf(limited) == KeyOf(sender));

    [Fact]
    public async Task A_text_whose_sender_has_used_its_day_waits_until_the_next_and_says_so()
    {
        await using var f = new FlowFixture();
        var settings = new ChannelSettings { Name = "a", Kind = "discard", Limits = [new SenderLimit { Name = "day", Senders = ["12345"], PerDay = 2 }] };
        await f.Channels.AddAsync(settings);
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);

        var third = await f.TrySendAsync();
        var midnight = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1);
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(third.EtaMs).UtcDateTime, midnight.AddSeconds(-1), midnight.AddDays(1));
        await f.Engine.WaitDurableAsync(f.Engine.Journal.End, TestContext.Current.CancellationToken);
        await FlowFixture.UntilAsync(() => f.Messaging.Find(third.Id)!.WaitsFor?.Code == "sender_limit");
        var wait = f.Messaging.Find(third.Id)!.WaitsFor!;
        Assert.Equal("day", wait.Limit);
        Assert.Contains("2 parts a day", wait.Detail, StringComparison.Ordinal);
        Assert.Equal("too_late", (await f.TrySendAsync(more: ",\"expires_in\":1")).Error?.Code);

        // One that was taken in before there were limits, and after they are lifted.
        Assert.True(await f.Channels.ChangeAsync(settings with { Limits = [] }));
        await f.ReachesAsync(third.Id, MessageStatus.Sent);
        Assert.True(await f.Channels.ChangeAsync(settings with { Paused = true, Limits = [] }));
        var unknown = await f.SendAsync();
        Assert.True(await f.Channels.ChangeAsync(settings));
        await FlowFixture.UntilAsync(() => f.Messaging.Find(unknown)!.WaitsFor?.Limit == "day");
        Assert.Null(f.Messaging.Find(third.Id)!.WaitsFor);
    }

    [Fact]
    public async Task A_text_of_more_parts_than_its_sender_may_send_in_a_day_is_refused()
    {
        await using var f = new FlowFixture();
        var settings = new ChannelSettings { Name = "a", Kind = "discard", Limits = [new SenderLimit { Name = "day", PerDay = 2 }, new SenderLimit { Name = "rate", Rate = 100 }] };
        await f.Channels.AddAsync(settings);
        var three = new string('x', 400);

        var refused = (await f.TrySendAsync(text: three)).Error!;

        Assert.Equal((422, "sender_limit", "text"), (refused.Status, refused.Code, refused.Field));
        Assert.Contains("3 parts, and by the limit 'day' its sender may send 2 a day", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(CommandStatus.InvalidMessageLength, DoorStatus.Of(refused));

        // Where another channel of the route takes it, it is accepted and goes there.
        await f.Channels.AddAsync(settings with { Name = "b", Limits = [new SenderLimit { Name = "day", PerDay = 3 }] });
        Assert.Null((await f.TrySendAsync(text: three)).Error);
    }

    [Fact]
    public async Task A_text_in_one_piece_is_given_up_when_its_limit_falls_below_it_while_it_waits()
    {
        await using var f = new FlowFixture();
        var settings = new ChannelSettings { Name = "a", Kind = "discard", Paused = true, LongMessages = LongMessages.Payload, Limits = [new SenderLimit { Name = "day", PerDay = 3 }] };
        await f.Channels.AddAsync(settings);
        var id = await f.SendAsync(text: new string('x', 400));

        Assert.True(await f.Channels.ChangeAsync(settings with { Paused = false, Limits = [new SenderLimit { Name = "day", PerDay = 2 }] }));

        var failed = await f.ReachesAsync(id, MessageStatus.Failed);
        Assert.Equal("sender_limit", failed.Error?.Name);
    }

    /// <summary>A code is worth nothing tomorrow: with its life given, it is refused at once.</summary>
    [Fact]
    public async Task A_code_whose_sender_has_used_its_day_is_too_late_when_its_life_ends_before_the_next()
    {
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(new ChannelSettings { Name = "a", Kind = "discard", Limits = [new SenderLimit { Name = "brand", Senders = ["12345", "54321"], PerDay = 1, TimeZone = Noon() }] });
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);

        var refused = (await f.TrySendAsync(more: ",\"priority\":\"urgent\",\"expires_in\":300")).Error!;
        Assert.Equal((429, "too_late"), (refused.Status, refused.Code));

        // Without a life it waits for tomorrow, and the answer says so.
        var waiting = await f.TrySendAsync(more: ",\"priority\":\"urgent\"");
        Assert.InRange((DateTimeOffset.FromUnixTimeMilliseconds(waiting.EtaMs) - TimeProvider.System.GetUtcNow()).TotalHours, 10, 13);
    }

    /// <summary>A zone where it is about noon: no day ends while a test runs.</summary>
    private static string Noon()
    {
        var ahead = 12 - TimeProvider.System.GetUtcNow().Hour;
        return "Etc/GMT" + (ahead > 0 ? $"-{ahead}" : ahead < 0 ? $"+{-ahead}" : "");
    }

    private static long Ms(int year, int month, int day, int hour) => Instant.FromUtc(year, month, day, hour, 0).ToUnixTimeMilliseconds();

    private static string KeyOf(string sender)
    {
        Assert.True(Sender.TryParse(System.Text.Encoding.UTF8.GetBytes(sender), out var parsed, out var error), error);
        return SenderKey.Of(parsed);
    }
}
