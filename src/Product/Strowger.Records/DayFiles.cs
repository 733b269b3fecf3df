using System.Globalization;
using Strowger.Records.Sqlite;

namespace Strowger.Records;

/// <summary>Files of one kind, one for each UTC day: <c>messages-2026-01-31.db</c>.</summary>
internal sealed class DayFiles(string directory, string kind)
{
    private const string Format = "yyyy-MM-dd";
    private const long DayMs = 24 * 60 * 60 * 1000L;

    /// <summary>A database has a page of this size for each table; one that has a single page has none.</summary>
    private const long PageBytes = 4096;

    public static int DayOf(long unixMs) => (int)Math.Floor(unixMs / (double)DayMs);

    public string Path(int day) => System.IO.Path.Combine(directory, $"{kind}-{Text(day)}.db");

    /// <summary>Days that have a file, newest first.</summary>
    public int[] List()
    {
        Directory.CreateDirectory(directory);
        return [.. Directory.EnumerateFiles(directory, $"{kind}-*.db").Select(Parse).OfType<int>().OrderDescending()];
    }

    /// <summary>
    /// Takes away files that were begun on a full disk and never written. They hold nothing, and to go on with one at the start
    /// would take room that is still not there. Before anything is opened.
    /// </summary>
    public void DropUnmade()
    {
        foreach (var day in List())
        {
            if (IsUnmade(Path(day)))
            {
                Delete(day);
            }
        }
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

    private static bool IsUnmade(string path)
    {
        if (new FileInfo(path).Length > PageBytes)
        {
            return false;
        }

        if (new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 })
        {
            return true;
        }

        try
        {
            using var db = SqliteDb.Open(path, readOnly: true);
            return db.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        }
        catch (RecordsException)
        {
            // Told by whoever opens it to write.
            return false;
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
