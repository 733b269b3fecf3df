using SQLitePCL;

namespace Strowger.Records.Sqlite;

/// <summary>A prepared statement, reused. Parameters count from 1, columns from 0, as in SQLite's own interface.</summary>
internal sealed class SqliteStatement(SqliteDb db, sqlite3_stmt handle) : IDisposable
{
    public void Bind(int index, long value) => db.Check(raw.sqlite3_bind_int64(handle, index, value));

    /// <summary>An empty text is given as UTF-8: as UTF-16 its address would be null, which SQLite takes for NULL.</summary>
    public void Bind(int index, string? value) => db.Check(
        value is null ? raw.sqlite3_bind_null(handle, index)
        : value.Length == 0 ? raw.sqlite3_bind_text(handle, index, value)
        : raw.sqlite3_bind_text16(handle, index, value));

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            var failure = db.Failure(code);
            _ = raw.sqlite3_reset(handle);
            throw failure;
        }

        return false;
    }

    /// <summary>Runs a statement that returns no row, and makes it ready for the next.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => _ = raw.sqlite3_reset(handle);

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public string? Text(int column) =>
        raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(handle, column).utf8_to_string();

    public void Dispose() => handle.Dispose();
}
