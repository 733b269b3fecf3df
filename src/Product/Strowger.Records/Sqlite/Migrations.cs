using SQLitePCL;

namespace Strowger.Records.Sqlite;

/// <summary>
/// Numbered steps; <c>PRAGMA user_version</c> is the number of the last one done. A step and its number are one transaction,
/// so a database is never between two versions.
/// </summary>
internal sealed class Migrations(string what, params string[] steps)
{
    public int Version => steps.Length;

    /// <exception cref="RecordsException">The database was written by a newer version of the program.</exception>
    public void Apply(SqliteDb db) => Apply(db.Handle, db.Path);

    /// <inheritdoc cref="Apply(SqliteDb)"/>
    public void Apply(sqlite3 handle, string path)
    {
        var found = UserVersion(handle, path);
        if (found > Version)
        {
            throw new RecordsException(
                $"{path} holds {what} of format version {found}; this program knows versions up to {Version}. " +
                "Start the newer Strowger that wrote it, or restore a backup made before the upgrade.");
        }

        for (var version = found; version < Version; version++)
        {
            Step(handle, path, version);
        }
    }

    private void Step(sqlite3 handle, string path, int from)
    {
        Execute(handle, path, "BEGIN IMMEDIATE");
        try
        {
            // Another process may have done the step while this one waited for the lock.
            if (UserVersion(handle, path) == from)
            {
                Execute(handle, path, steps[from]);
                Execute(handle, path, $"PRAGMA user_version = {from + 1}");
            }

            Execute(handle, path, "COMMIT");
        }
        catch (RecordsException)
        {
            _ = raw.sqlite3_exec(handle, "ROLLBACK");
            throw;
        }
    }

    private static int UserVersion(sqlite3 handle, string path)
    {
        Check(handle, path, raw.sqlite3_prepare_v2(handle, "PRAGMA user_version", out var statement));
        using (statement)
        {
            Check(handle, path, raw.sqlite3_step(statement));
            return raw.sqlite3_column_int(statement, 0);
        }
    }

    private static void Execute(sqlite3 handle, string path, string sql) => Check(handle, path, raw.sqlite3_exec(handle, sql));

    private static void Check(sqlite3 handle, string path, int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new RecordsException($"{path}: {raw.sqlite3_errmsg(handle).utf8_to_string()} ({code}).");
        }
    }
}
