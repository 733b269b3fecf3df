namespace Strowger.Records.Sqlite;

/// <summary>
/// A read model in one file of the folder <c>read</c>, with the journal position up to which it has every event. Written by one
/// projection, which can fill it again from position 0. Used by one thread at a time.
/// </summary>
internal sealed class ReadModelDb : IDisposable
{
    private readonly SqliteStatement _saveCursor;

    private ReadModelDb(SqliteDb db)
    {
        Db = db;
        _saveCursor = db.Prepare("UPDATE progress SET cursor = ?");
        Cursor = db.Scalar("SELECT cursor FROM progress");
    }

    public SqliteDb Db { get; }

    /// <summary>Journal position up to which events are in it.</summary>
    public long Cursor { get; private set; }

    /// <param name="dataDirectory">The folder is made when it is not there.</param>
    /// <param name="file">Its name.</param>
    /// <param name="cacheKibibytes">Of pages in memory.</param>
    /// <param name="migrations">Make <paramref name="table"/> and the table <c>progress</c>.</param>
    /// <param name="table">Holds its rows.</param>
    /// <param name="journalEnd">Where the journal ends: a model that is past it was made of another one and begins anew.</param>
    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static ReadModelDb Open(string dataDirectory, string file, int cacheKibibytes, Migrations migrations, string table, long journalEnd)
    {
        var directory = Path.Combine(dataDirectory, "read");
        Directory.CreateDirectory(directory);
        var db = SqliteDb.Open(Path.Combine(directory, file), readOnly: false);
        try
        {
            db.Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{cacheKibibytes}"));
            migrations.Apply(db);
            var model = new ReadModelDb(db);
            if (model.Cursor > journalEnd)
            {
                db.Execute($"BEGIN IMMEDIATE; DELETE FROM {table}; UPDATE progress SET cursor = 0; COMMIT");
                model.Cursor = 0;
            }

            return model;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Writes, and the cursor with it, in one transaction.</summary>
    /// <exception cref="RecordsException">Nothing of it counts; it can be tried again.</exception>
    public void Apply(long cursor, Action write)
    {
        Db.Execute("BEGIN IMMEDIATE");
        try
        {
            write();
            _saveCursor.Bind(1, cursor);
            _saveCursor.Run();
            Db.Execute("COMMIT");
            Cursor = cursor;
        }
        catch
        {
            Db.RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        _saveCursor.Dispose();
        Db.Dispose();
    }
}
