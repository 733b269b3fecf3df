using System.Text;
using NodaTime;
using Strowger.Engine;

namespace Strowger.Features.Messaging.Limits;

/// <summary>What a carrier allows some senders on a channel, beside the channel's own rate: a brand's texts a day, a number's texts a second.</summary>
public sealed record SenderLimit
{
    /// <summary>Senders of one limit: a brand with more than ten thousand numbers is several.</summary>
    public const int MaxSenders = 10_000;

    public const int MaxName = 64;

    public const string Utc = "UTC";

    /// <summary>Each limit of a channel has its own; the day's count goes with it.</summary>
    public required string Name { get; init; }

    /// <summary>As written: they share one bucket. Null = each sender has a bucket of its own.</summary>
    public IReadOnlyList<string>? Senders { get; init; }

    /// <summary>Parts a second, 0.001 to 10,000,000; null = any.</summary>
    public double? Rate { get; init; }

    /// <summary>Parts a day, 1 to 1,000,000,000; null = any.</summary>
    public long? PerDay { get; init; }

    /// <summary>Where its day begins at midnight, as in the IANA database.</summary>
    public string TimeZone { get; init; } = Utc;

    /// <summary>Null when there is no such time zone.</summary>
    public static DateTimeZone? ZoneOf(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    /// <summary>What is wrong with a sender, in words; null when nothing is.</summary>
    public static string? ProblemOf(string sender) => Sender.TryParse(Encoding.UTF8.GetBytes(sender), out _, out var error) ? null : error;

    /// <summary>As the engine knows it.</summary>
    public LimitOptions ToOptions()
    {
        var zone = ZoneOf(TimeZone) ?? DateTimeZone.Utc;
        return new LimitOptions
        {
            Name = Name,
            Keys = Senders is null ? null : [.. Senders.Select(KeyOf)],
            Rate = Rate,
            PerDay = PerDay,
            DayOf = zone == DateTimeZone.Utc ? LimitDay.Utc : ms => DayOf(zone, ms),
        };
    }

    /// <summary>The local day that holds a moment: 23 or 25 hours where a clock is set that day.</summary>
    internal static LimitDay DayOf(DateTimeZone zone, long ms)
    {
        var date = Instant.FromUnixTimeMilliseconds(ms).InZone(zone).Date;
        return new LimitDay(StartOf(date), StartOf(date.PlusDays(1)));

        long StartOf(LocalDate day) => zone.AtStartOfDay(day).ToInstant().ToUnixTimeMilliseconds();
    }

    private static string KeyOf(string sender) =>
        Sender.TryParse(Encoding.UTF8.GetBytes(sender), out var parsed, out _) ? SenderKey.Of(parsed) : string.Empty;
}
