using Strowger.Records.Sqlite;

namespace Strowger.Records.Receipts;

/// <summary>
/// One day's file, read/receipts-YYYY-MM-DD.db. Carriers' ids are random, so entries go to a table without index first and
/// from there, some ten thousand at a time, sorted into a run. Under the store's lock.
/// </summary>
internal sealed class ReceiptDay : IDisposable
{
    private const string Version1 =
        """
        CREATE TABLE recent(hash INTEGER NOT NULL, job INTEGER NOT NULL, destination INTEGER NOT NULL, minute INTEGER NOT NULL) STRICT;
        CREATE TABLE runs(
          run INTEGER, hash INTEGER, job INTEGER, destination INTEGER NOT NULL, minute INTEGER NOT NULL,
          PRIMARY KEY(run, hash, job)) STRICT, WITHOUT ROWID;
        CREATE TABLE progress(key INTEGER PRIMARY KEY CHECK(key = 1), cursor INTEGER NOT NULL, runs INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0, 0);
        """;

    private static readonly Migrations Migrations = new("receipts", Version1);

    private readonly SqliteDb _db;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _saveProgress;
    private readonly RecentReceipts _recent = new();
    private long _runs;

    public ReceiptDay(int day, string path)
    {
        Day = day;
        _db = SqliteDb.Open(path, readOnly: false);
        try
        {
            _db.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 4000");
            Migrations.Apply(_db);
            _append = _db.Prepare("INSERT INTO recent(hash, job, destination, minute) VALUES (?, ?, ?, ?)");
            _insert = _db.Prepare("INSERT OR IGNORE INTO runs(hash, job, destination, minute, run) VALUES (?, ?, ?, ?, ?)");
            _find = _db.Prepare("SELECT hash, job, destination, minute FROM runs WHERE run = ? AND hash = ? ORDER BY job DESC");
            _saveProgress = _db.Prepare("UPDATE progress SET cursor = ?, runs = ?");
            Load();
        }
        catch
        {
            _db.Dispose();
            throw;
        }
    }

    public int Day { get; }

    public long Cursor { get; private set; }

    public void Begin() => _db.Execute("BEGIN IMMEDIATE");

    public void Append(in ReceiptEntry entry)
    {
        Bind(_append, entry);
        _append.Run();
        _recent.Add(entry);
        if (_recent.Count >= SortedRuns.RunRows)
        {
            MakeRun();
        }
    }

    public void Commit(long cursor)
    {
        _saveProgress.Bind(1, cursor);
        _saveProgress.Bind(2, _runs);
        _saveProgress.Run();
        _db.Execute("COMMIT");
        Cursor = cursor;
    }

    /// <summary>No more is appended: all entries into a run, all of it on disk.</summary>
    public void Seal()
    {
        Begin();
        MakeRun();
        Commit(Cursor);
        _db.FlushToDisk();
    }

    public void Find(ulong hash, List<ReceiptEntry> found, int wanted)
    {
        _recent.Find(hash, found, wanted);
        for (var run = _runs; run > 0 && found.Count < wanted; run--)
        {
            _find.Bind(1, run);
            _find.Bind(2, (long)hash);
            while (found.Count < wanted && _find.Step())
            {
                found.Add(Read(_find));
            }

            _find.Reset();
        }
    }

    /// <summary>Takes the number out of its entries, which then fit any number. Goes over the whole file; afterwards it is opened anew.</summary>
    public void Erase(ulong number)
    {
        // What is overwritten must not stay in free pages, nor in the WAL.
        _db.Execute("PRAGMA secure_delete = ON");
        foreach (var table in (ReadOnlySpan<string>)["recent", "runs"])
        {
            using var statement = _db.Prepare($"UPDATE {table} SET destination = 0 WHERE destination = ?");
            statement.Bind(1, (long)number);
            statement.Run();
        }

        _db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        _append.Dispose();
        _insert.Dispose();
        _find.Dispose();
        _saveProgress.Dispose();
        _db.Dispose();
    }

    private void MakeRun()
    {
        if (_recent.Count == 0)
        {
            return;
        }

        _runs++;
        foreach (var entry in _recent.Sorted())
        {
            Bind(_insert, entry);
            _insert.Bind(5, _runs);
            _insert.Run();
        }

        _db.Execute("DELETE FROM recent");
        _recent.Clear();
    }

    private void Load()
    {
        using var progress = _db.Prepare("SELECT cursor, runs FROM progress");
        progress.Step();
        (Cursor, _runs) = (progress.Int64(0), progress.Int64(1));
        using var recent = _db.Prepare("SELECT hash, job, destination, minute FROM recent ORDER BY rowid");
        while (recent.Step())
        {
            _recent.Add(Read(recent));
        }
    }

    private static void Bind(SqliteStatement statement, in ReceiptEntry entry)
    {
        statement.Bind(1, (long)entry.Hash);
        statement.Bind(2, entry.Job);
        statement.Bind(3, (long)entry.Destination);
        statement.Bind(4, entry.Minute);
    }

    private static ReceiptEntry Read(SqliteStatement row) =>
        new((ulong)row.Int64(0), row.Int64(1), (ulong)row.Int64(2), row.Int32(3));
}
