using NodaTime;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Limits;
using Strowger.Records.Messages;

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

    private static long Ms(int year, int month, int day, int hour) => Instant.FromUtc(year, month, day, hour, 0).ToUnixTimeMilliseconds();

    private static string KeyOf(string sender)
    {
        Assert.True(Sender.TryParse(System.Text.Encoding.UTF8.GetBytes(sender), out var parsed, out var error), error);
        return SenderKey.Of(parsed);
    }
}
