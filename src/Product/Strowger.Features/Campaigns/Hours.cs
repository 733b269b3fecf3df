using NodaTime;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>A campaign's hours: when it is open in a time zone, and when that changes. An hour that a change of clocks takes away or repeats counts as the clocks show it.</summary>
public sealed class Hours(CampaignHours hours)
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>Reads hours as asked for; null with the reason when they are none.</summary>
    public static CampaignHours? Read(string start, string end, string timeZone, out RequestError? error)
    {
        error = null;
        if (!TryMinute(start, out var from))
        {
            error = RequestError.Of("window.start", "invalid_time", $"'{Shown(start)}' is not a time of day; allowed is HH:MM from 00:00 to 23:59");
        }
        else if (!TryMinute(end, out var to) && end != "24:00")
        {
            error = RequestError.Of("window.end", "invalid_time", $"'{Shown(end)}' is not a time of day; allowed is HH:MM from 00:00 to 24:00");
        }
        else if (from == to)
        {
            error = RequestError.Of("window.end", "invalid_value", "it is the same as start; leave window out when there are no hours");
        }
        else if (ZoneOf(timeZone) is null)
        {
            error = RequestError.Of("window.time_zone", "invalid_value", $"there is no time zone '{Shown(timeZone)}'; allowed are names of the IANA database such as Europe/Stockholm");
        }
        else
        {
            return new CampaignHours(from, to, timeZone);
        }

        return null;
    }

    public static DateTimeZone? ZoneOf(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    public bool IsOpen(DateTimeOffset now, DateTimeZone zone)
    {
        var minute = MinuteOf(Instant.FromDateTimeOffset(now).InZone(zone).LocalDateTime);
        return hours.StartMinute < EndMinute
            ? minute >= hours.StartMinute && minute < EndMinute
            : minute >= hours.StartMinute || minute < EndMinute;
    }

    /// <summary>When it opens or closes next.</summary>
    public DateTimeOffset NextChange(DateTimeOffset now, DateTimeZone zone)
    {
        var instant = Instant.FromDateTimeOffset(now);
        var today = instant.InZone(zone).Date;
        Instant? next = null;
        for (var day = today.PlusDays(-1); day <= today.PlusDays(2); day = day.PlusDays(1))
        {
            Take(day, hours.StartMinute);
            Take(day, EndMinute);
        }

        return next!.Value.ToDateTimeOffset();

        void Take(LocalDate day, int minute)
        {
            var at = zone.AtLeniently(day.AtMidnight().PlusMinutes(minute)).ToInstant();
            if (at > instant && (next is null || at < next))
            {
                next = at;
            }
        }
    }

    private int EndMinute => hours.EndMinute == 0 ? MinutesPerDay : hours.EndMinute;

    private static int MinuteOf(LocalDateTime local) => (local.Hour * 60) + local.Minute;

    /// <summary>HH:MM, nothing else. 24:00 is 0, which as an end means midnight.</summary>
    private static bool TryMinute(string text, out int minute)
    {
        minute = 0;
        if (text is not [>= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9'])
        {
            return false;
        }

        var hour = ((text[0] - '0') * 10) + text[1] - '0';
        minute = hour < 24 ? (hour * 60) + ((text[3] - '0') * 10) + text[4] - '0' : 0;
        return hour < 24;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
