using Strowger.Records.Sqlite;

namespace Strowger.Records.Inbound;

/// <summary>
/// The read model behind the list of texts received: one file, read/inbound.db, since they are few beside those sent. Written
/// by one projection, which can fill it again from position 0. Safe for use by several threads; they take turns.
/// </summary>
public sealed class InboundStore : IDisposable
{
    /// <summary>Rows one list call may look at: 20,000 x 1 µs = 20 ms. Then the page is short and carries a cursor.</summary>
    public const int MaxExamined = 20_000;

    /// <summary>Rows deleted in one transaction, so that a list waits a few milliseconds at most.</summary>
    private const int DropAtOnce = 5_000;

    private readonly SqliteDb _db;
    private readonly InboundStatements _statements;
    private readonly TimeProvider _time;
    private readonly int _keepDays;
    private readonly Lock _turn = new();
    private long _blankedTo = -1;

    private InboundStore(SqliteDb db, int keepDays, TimeProvider time)
    {
        _db = db;
        _time = time;
        _keepDays = keepDays;
        _db.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4096");
        InboundSchema.Migrations.Apply(_db);
        _statements = new InboundStatements(_db);
        Cursor = _statements.Cursor();
    }

    /// <summary>Journal position up to which events are in the list.</summary>
    public long Cursor { get; private set; }

    /// <summary>True when the list was of another journal and begins anew.</summary>
    public bool IsBegunAnew { get; private init; }

    /// <param name="dataDirectory">The file is in its folder <c>read</c>.</param>
    /// <param name="keepDays">Days kept; 1 to 3650.</param>
    /// <param name="time">For what is old.</param>
    /// <param name="journalEnd">Where the journal ends: a list that is past it was made of another one and is deleted.</param>
    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static InboundStore Open(string dataDirectory, int keepDays, TimeProvider time, long journalEnd = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepDays, 3650);
        var directory = Path.Combine(dataDirectory, "read");
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "inbound.db");
        var store = Open(path, keepDays, time, isBegunAnew: false);
        if (store.Cursor <= journalEnd)
        {
            return store;
        }

        store.Dispose();
        foreach (var suffix in (ReadOnlySpan<string>)["", "-shm", "-wal"])
        {
            File.Delete(path + suffix);
        }

        return Open(path, keepDays, time, isBegunAnew: true);
    }

    private static InboundStore Open(string path, int keepDays, TimeProvider time, bool isBegunAnew)
    {
        var db = SqliteDb.Open(path, readOnly: false);
        try
        {
            return new InboundStore(db, keepDays, time) { IsBegunAnew = isBegunAnew };
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Writes rows and the cursor, in one transaction. A row that is there already stays as it is.</summary>
    /// <exception cref="RecordsException">Nothing of the batch counts; it can be tried again.</exception>
    public void Apply(ReadOnlySpan<InboundRow> rows, long cursor)
    {
        lock (_turn)
        {
            _db.Execute("BEGIN IMMEDIATE");
            try
            {
                foreach (var row in rows)
                {
                    _statements.Insert(row);
                    foreach (var part in row.Replaces)
                    {
                        _statements.Delete(part);
                    }
                }

                _statements.SaveCursor(cursor);
                _db.Execute("COMMIT");
                Cursor = cursor;
            }
            catch
            {
                _db.RollBack();
                throw;
            }
        }
    }

    /// <summary>One page, newest first. Looks at <see cref="MaxExamined"/> rows at most.</summary>
    public InboundRows List(InboundFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filter.Limit, RecordsLimits.MaxPage);
        lock (_turn)
        {
            return _statements.List(filter, MaxExamined);
        }
    }

    /// <summary>Parts received since a time that were not joined to a whole, oldest first.</summary>
    /// <param name="sinceMs">Unix milliseconds.</param>
    /// <param name="most">The newest so many.</param>
    public IReadOnlyList<InboundRow> OpenParts(long sinceMs, int most)
    {
        lock (_turn)
        {
            return _statements.OpenParts(sinceMs, most);
        }
    }

    /// <summary>Deletes what is older than the days kept.</summary>
    /// <returns>How many texts.</returns>
    public long DropOldDays()
    {
        var before = _time.GetUtcNow().AddDays(-_keepDays).ToUnixTimeMilliseconds();
        var total = 0L;
        while (true)
        {
            long dropped;
            lock (_turn)
            {
                dropped = _statements.DropOldest(before, DropAtOnce);
            }

            total += dropped;
            if (dropped < DropAtOnce)
            {
                return total;
            }
        }
    }

    /// <summary>Empties what texts say that came before a time; who and when stays.</summary>
    /// <param name="beforeMs">Unix milliseconds.</param>
    public void Blank(long beforeMs)
    {
        bool goesOn;
        do
        {
            lock (_turn)
            {
                _db.Execute("PRAGMA secure_delete = ON");
                goesOn = _statements.Blank(beforeMs, DropAtOnce, ref _blankedTo);
                _db.Execute("PRAGMA secure_delete = OFF");
            }
        }
        while (goesOn);
    }

    /// <summary>Deletes texts from and to a number.</summary>
    /// <param name="forms">As carriers write it, without '+'.</param>
    /// <returns>How many.</returns>
    public long Erase(IReadOnlyList<string> forms)
    {
        lock (_turn)
        {
            // What is deleted must not stay in free pages, nor in the WAL.
            _db.Execute("PRAGMA secure_delete = ON");
            var erased = _statements.Erase(forms);
            _db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            _db.Execute("PRAGMA secure_delete = OFF");
            return erased;
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _statements.Dispose();
            _db.Dispose();
        }
    }
}
