using System.Globalization;

namespace Strowger.Smpp;

/// <summary>
/// schedule_delivery_time and validity_period, SMPP 3.4 section 7.1.1: <c>YYMMDDhhmmsstnnp</c>, p = <c>+</c> or <c>-</c> for an absolute time
/// nn quarters of an hour ahead of or behind UTC, <c>R</c> for a time from now. What is written is absolute, in UTC.
/// </summary>
public static class SmppTime
{
    /// <summary>Octets without the NUL.</summary>
    public const int Length = 16;

    /// <summary>The years of two digits lie in this century.</summary>
    private const int Century = 2000;

    /// <summary>Quarters of an hour that a zone is off at most.</summary>
    private const int MaxQuarters = 48;

    /// <summary>False when it is not of the form, or no such time exists.</summary>
    /// <param name="text">16 octets.</param>
    /// <param name="now">What a relative time counts from.</param>
    /// <param name="time">In UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != Length || text[..(Length - 1)].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        var (years, months, days) = (Two(text, 0), Two(text, 2), Two(text, 4));
        var (hours, minutes, seconds) = (Two(text, 6), Two(text, 8), Two(text, 10));
        var tenths = text[12] - '0';
        var quarters = Two(text, 13);
        switch (text[15])
        {
            case (byte)'R':
                time = now.ToUniversalTime().AddYears(years).AddMonths(months) + new TimeSpan(days, hours, minutes, seconds, tenths * 100);
                return true;
            case (byte)'+' or (byte)'-' when months is >= 1 and <= 12 && days >= 1 && days <= DateTime.DaysInMonth(Century + years, months)
                && hours < 24 && minutes < 60 && seconds < 60 && quarters <= MaxQuarters:
                var ahead = TimeSpan.FromMinutes(15 * (text[15] == '+' ? quarters : -quarters));
                time = new DateTimeOffset(Century + years, months, days, hours, minutes, seconds, tenths * 100, TimeSpan.Zero) - ahead;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes whole seconds. Returns <see cref="Length"/>.</summary>
    public static int Write(DateTimeOffset time, Span<byte> destination)
    {
        time.UtcDateTime.TryFormat(destination, out _, "yyMMddHHmmss'000+'", CultureInfo.InvariantCulture);
        return Length;
    }

    private static int Two(ReadOnlySpan<byte> text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';
}
