using System.Globalization;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>
/// A policy's place in the log, and between which messages there are some that somebody wants to be told of by name: of others nothing has to
/// be read to know that nobody waits for their events. Kept as three numbers in a small file; an older one is harmless, since what was
/// queued after it is found in the log.
/// </summary>
internal sealed class WatchedRange(string path)
{
    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; }

    public bool Holds(long parent) => parent >= First && parent <= Last;

    public void Add(long parent)
    {
        First = Math.Min(First, parent);
        Last = Math.Max(Last, parent);
    }

    /// <summary>The cursor; null when there is none, or none that can be read.</summary>
    public long? Read()
    {
        try
        {
            var numbers = File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length == 3 && TryNumber(numbers[0], out var cursor) && TryNumber(numbers[1], out var first) && TryNumber(numbers[2], out var last))
            {
                (First, Last) = (Math.Min(First, first), Math.Max(Last, last));
                return cursor;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start.
        }

        return null;
    }

    /// <exception cref="IOException">The disk is full or the directory may not be written.</exception>
    public void Write(long cursor)
    {
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"{cursor} {First} {Last}"));
        File.Move(temporary, path, overwrite: true);
    }

    private static bool TryNumber(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
