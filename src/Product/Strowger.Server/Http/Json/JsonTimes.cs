using System.Text.Json;

namespace Strowger.Server.Http.Json;

/// <summary>Times as the API writes them: ISO 8601 in UTC, to the millisecond.</summary>
internal static class JsonTimes
{
    /// <summary>Octets of <c>2026-05-17T14:03:21.123Z</c>.</summary>
    public const int Length = 24;

    public static void Write(Span<byte> to, DateTimeOffset time)
    {
        Span<byte> full = stackalloc byte[33];
        _ = time.UtcDateTime.TryFormat(full, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        full[..(Length - 1)].CopyTo(to);
        to[Length - 1] = (byte)'Z';
    }

    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is not { } at)
        {
            writer.WriteNull(name);
            return;
        }

        Span<byte> text = stackalloc byte[Length];
        Write(text, at);
        writer.WriteString(name, text);
    }

    /// <param name="writer">Where to.</param>
    /// <param name="name">Of the member.</param>
    /// <param name="unixMs">0 is null.</param>
    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, long unixMs) =>
        writer.WriteTime(name, unixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(unixMs));

    public static void WriteNumberOrNull(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
