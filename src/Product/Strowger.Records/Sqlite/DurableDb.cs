using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Strowger.Records.Sqlite;

/// <summary>
/// A file that is the only one to know what it holds: every change is on disk before the call returns (synchronous=FULL). Safe for use by
/// several threads; changes are rare, so they take turns.
/// </summary>
internal sealed class DurableDb : IDisposable
{
    private readonly SqliteConnection _db;
    private readonly string _path;
    private readonly Lock _turn = new();

    private DurableDb(SqliteConnection db, string path)
    {
        _db = db;
        _path = path;
    }

    /// <summary>Opens or creates the file, with rights for its owner alone. Its directory is there.</summary>
    /// <exception cref="RecordsException">Missing library, newer format version, damage, no right to write.</exception>
    public static DurableDb Open(string path, Migrations migrations)
    {
        SqliteLibrary.EnsureLoaded();
        try
        {
            CreateOwnerOnly(path);
            return new DurableDb(Connect(path, migrations), path);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new RecordsException($"{path} cannot be used: {error.Message}", error);
        }
    }

    public T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_turn)
        {
            return Guard(() => read(_db));
        }
    }

    /// <summary>In one transaction.</summary>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_turn)
        {
            return Guard(() => Commit(write));
        }
    }

    /// <summary>In one transaction that may be lost by a power cut, never in part: for what can be found again elsewhere.</summary>
    public void WriteSoon(Action<SqliteConnection> write)
    {
        lock (_turn)
        {
            Guard(() =>
            {
                _db.Execute("PRAGMA synchronous = NORMAL");
                try
                {
                    return Commit(db =>
                    {
                        write(db);
                        return true;
                    });
                }
                finally
                {
                    _db.Execute("PRAGMA synchronous = FULL");
                }
            });
        }
    }

    public void Dispose() => _db.Dispose();

    private static SqliteConnection Connect(string path, Migrations migrations)
    {
        var db = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = (int)RecordsLimits.BusyTimeout.TotalSeconds,
        }.ToString());
        try
        {
            db.Open();
            db.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            migrations.Apply(db.Handle!, path);
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Carriers' passwords and subscribers' numbers: nobody but the owner may read the file. SQLite gives its WAL the same rights.</summary>
    private static void CreateOwnerOnly(string path)
    {
        if (!File.Exists(path))
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    private T Commit<T>(Func<SqliteConnection, T> write)
    {
        using var transaction = _db.BeginTransaction(deferred: false);
        var result = write(_db);
        transaction.Commit();
        return result;
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException error)
        {
            var advice = error.SqliteErrorCode == raw.SQLITE_FULL ? " The disk is full: make room and try again." : "";
            throw new RecordsException($"{_path}: {error.Message}{advice}", error);
        }
    }
}
