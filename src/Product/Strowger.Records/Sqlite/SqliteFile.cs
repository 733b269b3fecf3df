using Microsoft.Data.Sqlite;

namespace Strowger.Records.Sqlite;

/// <summary>A database file as a whole: copied while others write to it, looked at without being touched.</summary>
public static class SqliteFile
{
    /// <summary>Copies by SQLite's online backup (sqlite.org/backup.html): as it is at one moment, writers go on.</summary>
    /// <param name="from">An existing database.</param>
    /// <param name="to">A file that is not there yet, or empty.</param>
    /// <exception cref="RecordsException">It is locked for too long, damaged, or the disk is full.</exception>
    public static void Copy(string from, string to)
    {
        SqliteLibrary.EnsureLoaded();
        try
        {
            using var source = Open($"Data Source={from};Mode=ReadWrite;Pooling=False;Default Timeout={(int)RecordsLimits.BusyTimeout.TotalSeconds}");
            using var target = Open($"Data Source={to};Pooling=False");
            source.BackupDatabase(target);
        }
        catch (SqliteException error)
        {
            throw new RecordsException($"{from} cannot be copied: {error.Message}", error);
        }
    }

    /// <summary>Goes over the whole file (PRAGMA integrity_check); nothing is written, not even beside it.</summary>
    /// <returns>Null when it is whole, else what is wrong.</returns>
    public static string? Check(string path) => Look(path, static db =>
    {
        using var command = db.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        return command.ExecuteScalar() as string is var said && said == "ok" ? null : said ?? "no answer";
    });

    /// <summary>A number from a file that nobody writes to; nothing is written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="table">A table's name, or a name and a condition, as they stand after FROM; never from outside.</param>
    /// <returns>0 when the table is not there.</returns>
    public static long Count(string path, string table) => Look(path, db =>
    {
        using var command = db.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $table";
        command.Parameters.AddWithValue("$table", table.Split(' ')[0]);
        if (command.ExecuteScalar() is not > 0L)
        {
            return 0;
        }

        command.CommandText = "SELECT count(*) FROM " + table;
        return (long)command.ExecuteScalar()!;
    });

    private static T Look<T>(string path, Func<SqliteConnection, T> look)
    {
        SqliteLibrary.EnsureLoaded();
        try
        {
            // A database in WAL mode is opened for writing even to be read, unless it is declared unchangeable.
            using var db = Open($"Data Source=file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1;Mode=ReadOnly;Pooling=False");
            return look(db);
        }
        catch (SqliteException error)
        {
            throw new RecordsException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static SqliteConnection Open(string connection)
    {
        var db = new SqliteConnection(connection);
        try
        {
            db.Open();
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }
}
