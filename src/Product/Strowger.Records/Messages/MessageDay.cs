using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>A day's file as the store knows it without having it open.</summary>
internal sealed class MessageDay(int day, string path)
{
    private const long Unknown = -1;
    private long _minId = Unknown;

    public int Day => day;

    public string Path => path;

    /// <summary>The smallest id in the file; long.MaxValue when it is empty. Ids grow from file to file.</summary>
    public long MinId()
    {
        var known = Volatile.Read(ref _minId);
        if (known != Unknown)
        {
            return known;
        }

        using var db = SqliteDb.Open(path, readOnly: true);
        var found = db.Scalar("SELECT coalesce(min(id), 9223372036854775807) FROM messages");
        Volatile.Write(ref _minId, found);
        return found;
    }

    public void SetMinId(long value) => Volatile.Write(ref _minId, value);
}
