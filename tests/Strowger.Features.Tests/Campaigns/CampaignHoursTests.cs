using Strowger.Features.Campaigns;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Tests.Campaigns;

public sealed class CampaignHoursTests
{
    private static readonly CampaignHours _day = new((9 * 60) + 30, 20 * 60, "America/New_York");

    [Theory]
    [InlineData("09:30", "20:00", "Europe/Stockholm", "2026-05-18T07:29:59Z", false, "2026-05-18T07:30:00Z")]
    [InlineData("09:30", "20:00", "Europe/Stockholm", "2026-05-18T07:30:00Z", true, "2026-05-18T18:00:00Z")]
    [InlineData("09:30", "20:00", "Europe/Stockholm", "2026-05-18T18:00:00Z", false, "2026-05-19T07:30:00Z")]
    [InlineData("22:00", "06:00", "Europe/Stockholm", "2026-05-18T23:00:00Z", true, "2026-05-19T04:00:00Z")]
    [InlineData("08:00", "24:00", "Europe/Stockholm", "2026-05-18T21:30:00Z", true, "2026-05-18T22:00:00Z")]
    [InlineData("02:30", "03:30", "Europe/Stockholm", "2026-03-29T00:30:00Z", false, "2026-03-29T01:30:00Z")] // 02:30 is not that night
    public void Hours_are_those_of_the_zones_clocks(string start, string end, string zone, string now, bool isOpen, string next)
    {
        var hours = new Hours(Hours.Read(start, end, zone, out _)!);
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(isOpen, hours.IsOpen(at, Hours.ZoneOf(zone)!));
        Assert.Equal(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture), hours.NextChange(at, Hours.ZoneOf(zone)!));
    }

    [Theory]
    [InlineData("9:30", "20:00", "Europe/Stockholm", "window.start")]
    [InlineData("09:30", "25:00", "Europe/Stockholm", "window.end")]
    [InlineData("09:30", "09:30", "Europe/Stockholm", "window.end")]
    [InlineData("09:30", "20:00", "Stockholm", "window.time_zone")]
    public void What_is_no_window_is_told(string start, string end, string zone, string field)
    {
        Assert.Null(Hours.Read(start, end, zone, out var error));
        Assert.Equal(field, error!.Field);
    }

    [Fact]
    public async Task Texts_leave_in_the_hours_of_their_recipients_only_and_those_that_wait_at_the_end_wait_for_the_next_day()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        fixture.Clock.Now = new(2026, 5, 18, 17, 59, 0, TimeSpan.Zero); // 19:59 in Stockholm, 13:59 in New York
        var csv = "to,name\n" + string.Concat(Enumerable.Range(0, 200).Select(n => $"{(n % 2 == 0 ? "4670" : "1202")}{1_000_000 + n},N{n}\n"));
        var campaign = await fixture.CreateAsync(csv, CampaignFixture.Spec(hours: _day));
        await fixture.TurnAsync();
        Assert.Equal(30, fixture.Send(fixture.A, 30).Count);

        fixture.Clock.Now = new(2026, 5, 18, 18, 0, 0, TimeSpan.Zero);
        await fixture.TurnAsync();
        Assert.Empty(fixture.Send(fixture.A));
        Assert.Equal(100, (await fixture.SendAllAsync(fixture.B)).Count);
        Assert.Equal(new DateTimeOffset(2026, 5, 19, 7, 30, 0, TimeSpan.Zero), fixture.Campaigns.OpensAt(campaign.Id));

        // Over a restart too.
        await fixture.KillAsync();
        await fixture.TurnAsync();
        Assert.Empty(fixture.Send(fixture.A));

        fixture.Clock.Now = new(2026, 5, 19, 7, 30, 0, TimeSpan.Zero);
        Assert.Equal(70, (await fixture.SendAllAsync(fixture.A)).Count);
        await fixture.TurnAsync();
        Assert.Equal(CampaignState.Done, fixture.Campaigns.Find(campaign.Id)!.State);
    }

    [Fact]
    public async Task The_end_that_is_told_counts_rates_others_and_closed_hours()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        fixture.Rates["a"] = 10;
        fixture.Clock.Now = new(2026, 5, 18, 17, 50, 0, TimeSpan.Zero); // ten minutes before the end of hours
        var alone = await fixture.CreateAsync(CampaignFixture.Rows(12_000), CampaignFixture.Spec(hours: new CampaignHours(570, 1200, "Europe/Stockholm")));
        await fixture.TurnAsync();

        // 6,000 today, 6,000 tomorrow.
        Near(new(2026, 5, 19, 7, 40, 0, TimeSpan.Zero), fixture.Campaigns.Etas()[alone.Id]);

        // Half of the rate until the other's 1,000 are gone: 100 s of the ten minutes go to it.
        var other = await fixture.CreateAsync(CampaignFixture.Rows(1_000));
        await fixture.TurnAsync();
        var etas = fixture.Campaigns.Etas();
        Near(new(2026, 5, 18, 17, 53, 20, TimeSpan.Zero), etas[other.Id]);
        Near(new(2026, 5, 19, 7, 41, 40, TimeSpan.Zero), etas[alone.Id]);
        await fixture.Campaigns.PauseAsync(other.Id, "me");
        Assert.Null(fixture.Campaigns.Etas().GetValueOrDefault(other.Id));
    }

    private static void Near(DateTimeOffset wanted, DateTimeOffset? found)
    {
        Assert.NotNull(found);
        Assert.InRange((found.Value - wanted).TotalSeconds, -5, 5);
    }
}
