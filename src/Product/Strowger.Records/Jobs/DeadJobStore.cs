using Strowger.Records.Sqlite;

namespace Strowger.Records.Jobs;

/// <summary>A job that was given up.</summary>
/// <param name="Queue">Where it was.</param>
/// <param name="Id">The engine's number.</param>
/// <param name="DiedMs">Unix milliseconds.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Code">The outcome's.</param>
/// <param name="Detail">What its worker said; null when nothing.</param>
public sealed record DeadJobRow(string Queue, long Id, long DiedMs, int Attempts, int Code, string? Detail);

/// <summary>
/// The read model behind the list of jobs given up: read/dead-jobs.db. Written by one projection, which can fill it again from
/// position 0. Safe for use by several threads; they take turns.
/// </summary>
public sealed class DeadJobStore : IDisposable
{
    /// <summary>Of one queue the newest so many: more are no list any more but a fault to be mended at its root.</summary>
    public const int MaxOfQueue = 10_000;

    private static readonly Migrations _migrations = new(
        "jobs given up",
        """
        CREATE TABLE dead(
          queue TEXT NOT NULL,
          id INTEGER NOT NULL,
          died_ms INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          code INTEGER NOT NULL,
          detail TEXT,
          PRIMARY KEY(queue, id)) STRICT, WITHOUT ROWID;

        -- cursor: every event before this journal position is in the list.
        CREATE TABLE progress(key INTEGER PRIMARY KEY CHECK(key = 1), cursor INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0);
        """);

    private readonly ReadModelDb _model;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _trim;
    private readonly SqliteStatement _list;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _delete;
    private readonly Lock _turn = new();

    private DeadJobStore(ReadModelDb model)
    {
        _model = model;
        var db = model.Db;
        _insert = db.Prepare("INSERT OR REPLACE INTO dead(queue, id, died_ms, attempts, code, detail) VALUES (?, ?, ?, ?, ?, ?)");
        _trim = db.Prepare("DELETE FROM dead WHERE queue = ?1 AND id <= (SELECT id FROM dead WHERE queue = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
        _list = db.Prepare("SELECT queue, id, died_ms, attempts, code, detail FROM dead WHERE queue = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
        _oldest = db.Prepare("SELECT queue, id, died_ms, attempts, code, detail FROM dead WHERE queue = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
        _delete = db.Prepare("DELETE FROM dead WHERE queue = ? AND id = ?");
    }

    /// <summary>Journal position up to which events are in the list.</summary>
    public long Cursor => _model.Cursor;

    /// <param name="dataDirectory">The file is in its folder <c>read</c>.</param>
    /// <param name="journalEnd">Where the journal ends: a list that is past it was made of another one and begins anew.</param>
    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static DeadJobStore Open(string dataDirectory, long journalEnd) =>
        new(ReadModelDb.Open(dataDirectory, "dead-jobs.db", 2048, _migrations, "dead", journalEnd));

    /// <summary>Writes rows, takes away those put back, and keeps the cursor, in one transaction.</summary>
    /// <exception cref="RecordsException">Nothing of the batch counts; it can be tried again.</exception>
    public void Apply(IReadOnlyCollection<DeadJobRow> rows, IReadOnlyCollection<(string Queue, long Id)> gone, long cursor)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(gone);
        lock (_turn)
        {
            _model.Apply(cursor, () =>
            {
                foreach (var row in rows)
                {
                    Insert(row);
                }

                foreach (var (queue, id) in gone)
                {
                    _delete.Bind(1, queue);
                    _delete.Bind(2, id);
                    _delete.Run();
                }

                foreach (var queue in rows.Select(row => row.Queue).Distinct(StringComparer.Ordinal))
                {
                    _trim.Bind(1, queue);
                    _trim.Bind(2, MaxOfQueue);
                    _trim.Run();
                }
            });
        }
    }

    /// <summary>Jobs of a queue, the newest first.</summary>
    /// <param name="queue">Which.</param>
    /// <param name="before">Only smaller numbers.</param>
    /// <param name="limit">1 to one over <see cref="RecordsLimits.MaxPage"/>.</param>
    public IReadOnlyList<DeadJobRow> List(string queue, long before, int limit) => List(_list, queue, before, limit);

    /// <summary>Jobs of a queue, the oldest first.</summary>
    /// <param name="queue">Which.</param>
    /// <param name="after">Only larger numbers.</param>
    /// <param name="limit">1 to one over <see cref="RecordsLimits.MaxPage"/>.</param>
    public IReadOnlyList<DeadJobRow> ListOldest(string queue, long after, int limit) => List(_oldest, queue, after, limit);

    /// <summary>Changes what workers said.</summary>
    /// <param name="change">Given a detail; null leaves it.</param>
    /// <exception cref="RecordsException">The disk or the file cannot be used; it can be tried again.</exception>
    public void Rewrite(Func<string, string?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_turn)
        {
            var changed = new List<(string Queue, long Id, string Detail)>();
            using var all = _model.Db.Prepare("SELECT queue, id, detail FROM dead WHERE detail IS NOT NULL");
            while (all.Step())
            {
                if (change(all.Text(2)!) is { } detail)
                {
                    changed.Add((all.Text(0)!, all.Int64(1), detail));
                }
            }

            all.Reset();
            if (changed.Count == 0)
            {
                return;
            }

            // What is overwritten must not stay in free pages, nor in the WAL.
            _model.Db.Execute("PRAGMA secure_delete = ON");
            using var update = _model.Db.Prepare("UPDATE dead SET detail = ?3 WHERE queue = ?1 AND id = ?2");
            foreach (var (queue, id, detail) in changed)
            {
                update.Bind(1, queue);
                update.Bind(2, id);
                update.Bind(3, detail);
                update.Run();
            }

            _model.Db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            _model.Db.Execute("PRAGMA secure_delete = OFF");
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_insert, _trim, _list, _oldest, _delete])
            {
                statement.Dispose();
            }

            _model.Dispose();
        }
    }

    private List<DeadJobRow> List(SqliteStatement query, string queue, long from, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, RecordsLimits.MaxPage + 1);
        var rows = new List<DeadJobRow>();
        lock (_turn)
        {
            query.Bind(1, queue);
            query.Bind(2, from);
            query.Bind(3, limit);
            try
            {
                while (query.Step())
                {
                    rows.Add(new DeadJobRow(query.Text(0)!, query.Int64(1), query.Int64(2), query.Int32(3), query.Int32(4), query.Text(5)));
                }
            }
            finally
            {
                query.Reset();
            }
        }

        return rows;
    }

    private void Insert(DeadJobRow row)
    {
        _insert.Bind(1, row.Queue);
        _insert.Bind(2, row.Id);
        _insert.Bind(3, row.DiedMs);
        _insert.Bind(4, row.Attempts);
        _insert.Bind(5, row.Code);
        _insert.Bind(6, row.Detail);
        _insert.Run();
    }
}
