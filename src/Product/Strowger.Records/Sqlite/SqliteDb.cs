using SQLitePCL;

namespace Strowger.Records.Sqlite;

/// <summary>
/// One connection for the stores that write many rows: prepared statements are kept, bound and stepped directly. Used by one
/// thread at a time.
/// </summary>
internal sealed class SqliteDb : IDisposable
{
    private readonly sqlite3 _handle;

    private SqliteDb(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    public sqlite3 Handle => _handle;

    public static SqliteDb Open(string path, bool readOnly)
    {
        SqliteLibrary.EnsureLoaded();
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var why = raw.sqlite3_errstr(code).utf8_to_string();
            handle?.Dispose();
            throw new RecordsException($"{path} cannot be opened: {why} ({code}).");
        }

        var db = new SqliteDb(handle, path);
        _ = raw.sqlite3_busy_timeout(handle, (int)RecordsLimits.BusyTimeout.TotalMilliseconds);
        return db;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Ends a transaction that failed; never throws, since the failure that led here is the one to report.</summary>
    public void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (RecordsException)
        {
            // SQLite has rolled back by itself on some errors.
        }
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqliteStatement(this, statement);
    }

    public long Scalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>Puts what was committed with synchronous=NORMAL on the disk.</summary>
    public void FlushToDisk()
    {
        foreach (var file in (ReadOnlySpan<string>)[Path + "-wal", Path])
        {
            if (File.Exists(file))
            {
                using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                RandomAccess.FlushToDisk(handle);
            }
        }
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw Failure(code);
        }
    }

    public RecordsException Failure(int code)
    {
        var detail = raw.sqlite3_errmsg(_handle).utf8_to_string();
        var advice = (code & 0xff) switch
        {
            raw.SQLITE_FULL => " The disk is full: make room, then it goes on by itself.",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => " The file is damaged: stop Strowger, move it away and start again.",
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => " Check the owner and rights of the data directory.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => " Another process holds it.",
            _ => "",
        };
        return new RecordsException($"{Path}: {detail} ({raw.sqlite3_extended_errcode(_handle)}).{advice}");
    }

    public void Dispose() => _handle.Dispose();
}
