namespace Strowger.Smpp;

/// <summary>
/// A time from now as the standard writes it, SMPP 3.4 section 7.1.1.2: <c>YYMMDDhhmmss000R</c>, years, months, days, hours, minutes and
/// seconds. The two clocks need not agree, as they must for the absolute form of section 7.1.1.1.
/// </summary>
public static class RelativeTime
{
    /// <summary>Octets without the NUL.</summary>
    public const int Length = 16;

    /// <summary>The longest that is written: years and months have no length of their own, so they stay 0, and a month has no more days.</summary>
    public static readonly TimeSpan Longest = new(31, 23, 59, 59);

    /// <summary>Writes it in whole seconds, rounded up, at least 1 and at most <see cref="Longest"/>. Returns <see cref="Length"/>.</summary>
    public static int Write(TimeSpan time, Span<byte> destination)
    {
        var seconds = (long)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, Longest.TotalSeconds);
        "0000"u8.CopyTo(destination);
        Two(seconds / 86_400, destination[4..]);
        Two(seconds / 3600 % 24, destination[6..]);
        Two(seconds / 60 % 60, destination[8..]);
        Two(seconds % 60, destination[10..]);
        "000R"u8.CopyTo(destination[12..]);
        return Length;
    }

    private static void Two(long value, Span<byte> destination)
    {
        destination[0] = (byte)('0' + (value / 10));
        destination[1] = (byte)('0' + (value % 10));
    }
}
