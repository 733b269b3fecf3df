using System.Globalization;

namespace Strowger.Records;

/// <summary>Files of one kind, one for each UTC day: <c>messages-2026-01-31.db</c>.</summary>
internal sealed class DayFiles(string directory, string kind)
{
    private const string Format = "yyyy-MM-dd";
    private const long DayMs = 24 * 60 * 60 * 1000L;

    public static int DayOf(long unixMs) => (int)Math.Floor(unixMs / (double)DayMs);

    public string Path(int day) => System.IO.Path.Combine(directory, $"{kind}-{Text(day)}.db");

    /// <summary>Days that have a file, newest first.</summary>
    public int[] List()
    {
        Directory.CreateDirectory(directory);
        return [.. Directory.EnumerateFiles(directory, $"{kind}-*.db").Select(Parse).OfType<int>().OrderDescending()];
    }

    public void Delete(int day)
    {
        // The WAL goes last: alone it is harmless, a database without its WAL would look complete.
        foreach (var suffix in (ReadOnlySpan<string>)["", "-shm", "-wal"])
        {
            File.Delete(Path(day) + suffix);
        }
    }

    public void DeleteAll()
    {
        foreach (var day in List())
        {
            Delete(day);
        }
    }

    private static string Text(int day) =>
        DateTimeOffset.FromUnixTimeMilliseconds(day * DayMs).UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    private int? Parse(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path.AsSpan())[(kind.Length + 1)..];
        return DateTime.TryParseExact(name, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? DayOf(((DateTimeOffset)date).ToUnixTimeMilliseconds())
            : null;
    }
}
