using Strowger.Records.Sqlite;

namespace Strowger.Records.Webhooks;

/// <summary>
/// The delivery log of webhooks: read/webhooks.db, written by one projection, which can fill it again from the journal. Safe for use by
/// several threads; they take turns.
/// </summary>
public sealed class DeliveryStore : IDisposable
{
    /// <summary>Rows one list call may look at: 50,000 x 1 µs = 50 ms. Then the page is short and carries a cursor.</summary>
    public const int MaxExamined = 50_000;

    /// <summary>Rows deleted in one transaction, so that a list waits a few milliseconds at most.</summary>
    private const int DropAtOnce = 5_000;

    private readonly ReadModelDb _model;
    private readonly SqliteDb _db;
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _change;
    private readonly SqliteStatement _all;
    private readonly SqliteStatement _ofState;
    private readonly SqliteStatement _drop;
    private readonly Lock _turn = new();

    private DeliveryStore(ReadModelDb model)
    {
        const string Select = $"SELECT {DeliverySchema.Columns} FROM deliveries";
        _model = model;
        var db = _db = model.Db;
        _put = db.Prepare($"INSERT OR REPLACE INTO deliveries({DeliverySchema.Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _change = db.Prepare("UPDATE deliveries SET state = ?2, attempts = ?3, code = ?4, last_ms = ?5, next_ms = ?6 WHERE id = ?1");
        _all = db.Prepare($"{Select} WHERE id < ?1 ORDER BY id DESC");
        _ofState = db.Prepare($"{Select} WHERE id < ?1 AND state = ?2 AND {DeliverySchema.IsOpen} ORDER BY id DESC");
        _drop = db.Prepare("DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE id <= ?1 ORDER BY id LIMIT ?2)");
    }

    /// <summary>Journal position up to which events are in the list.</summary>
    public long Cursor => _model.Cursor;

    /// <param name="dataDirectory">The file is in its folder <c>read</c>.</param>
    /// <param name="journalEnd">Where the journal ends: a log that is past it was made of another one and begins anew.</param>
    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static DeliveryStore Open(string dataDirectory, long journalEnd = long.MaxValue) =>
        new(ReadModelDb.Open(dataDirectory, "webhooks.db", 4096, DeliverySchema.Migrations, "deliveries", journalEnd));

    /// <summary>Writes new deliveries, what became of older ones, and the cursor, in one transaction.</summary>
    /// <exception cref="RecordsException">Nothing of the batch counts; it can be tried again.</exception>
    public void Apply(IEnumerable<DeliveryRow> added, IEnumerable<DeliveryRow> changed, long cursor)
    {
        ArgumentNullException.ThrowIfNull(added);
        ArgumentNullException.ThrowIfNull(changed);
        lock (_turn)
        {
            _model.Apply(cursor, () =>
            {
                foreach (var row in added)
                {
                    Put(row);
                }

                foreach (var row in changed)
                {
                    Change(row);
                }
            });
        }
    }

    /// <summary>One page, newest first. Looks at <see cref="MaxExamined"/> rows at most.</summary>
    public DeliveryRows List(DeliveryFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filter.Limit, RecordsLimits.MaxPage);
        lock (_turn)
        {
            var isOpen = filter.State is not null and not DeliveryState.Delivered;
            var statement = isOpen ? _ofState : _all;
            statement.Bind(1, filter.Before);
            if (isOpen)
            {
                statement.Bind(2, (long)filter.State!.Value);
            }

            try
            {
                return Read(statement, filter);
            }
            finally
            {
                statement.Reset();
            }
        }
    }

    /// <summary>Deletes the oldest beyond <see cref="RecordsLimits.MaxDeliveries"/>.</summary>
    public long DropOldest(long keep = RecordsLimits.MaxDeliveries)
    {
        var total = 0L;
        while (true)
        {
            long dropped;
            lock (_turn)
            {
                // Ids are given to all jobs of the box: the distance to the newest is a bound on the rows, counted only when it says so.
                var last = _db.Scalar("SELECT coalesce(max(id), 0) FROM deliveries");
                var first = _db.Scalar("SELECT coalesce(min(id), 0) FROM deliveries");
                var over = last - first < keep ? 0 : _db.Scalar("SELECT count(*) FROM deliveries") - keep;
                if (over <= 0)
                {
                    return total;
                }

                _drop.Bind(1, last);
                _drop.Bind(2, Math.Min(over, DropAtOnce));
                _drop.Run();
                dropped = _db.Scalar("SELECT changes()");
            }

            total += dropped;
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_put, _change, _all, _ofState, _drop])
            {
                statement.Dispose();
            }

            _model.Dispose();
        }
    }

    private static DeliveryRows Read(SqliteStatement statement, DeliveryFilter filter)
    {
        var rows = new List<DeliveryRow>();
        for (var examined = 0; statement.Step(); examined++)
        {
            if (rows.Count == filter.Limit || examined == MaxExamined)
            {
                // This row is the next page's first.
                return new DeliveryRows(rows, statement.Int64(0) + 1);
            }

            var row = Row(statement);
            if (row.QueuedMs < filter.SinceMs)
            {
                return new DeliveryRows(rows, null);
            }

            if ((filter.Webhook is null || row.Webhook == filter.Webhook) && (filter.State is null || row.State == filter.State))
            {
                rows.Add(row);
            }
        }

        return new DeliveryRows(rows, null);
    }

    private static DeliveryRow Row(SqliteStatement row) => new(
        row.Int64(0), row.Text(1)!, row.Text(2)!, row.Text(3)!, row.Text(4)!, row.Text(5)!,
        (DeliveryState)row.Int32(6), row.Int32(7), row.Int32(8), row.Int64(9), row.Int64(10), row.Int64(11));

    private void Put(DeliveryRow row)
    {
        _put.Bind(1, row.Id);
        _put.Bind(2, row.Webhook);
        _put.Bind(3, row.Host);
        _put.Bind(4, row.Type);
        _put.Bind(5, row.Subject);
        _put.Bind(6, row.EventId);
        _put.Bind(7, (long)row.State);
        _put.Bind(8, row.Attempts);
        _put.Bind(9, row.Code);
        _put.Bind(10, row.QueuedMs);
        _put.Bind(11, row.LastMs);
        _put.Bind(12, row.NextMs);
        _put.Run();
    }

    private void Change(DeliveryRow row)
    {
        _change.Bind(1, row.Id);
        _change.Bind(2, (long)row.State);
        _change.Bind(3, row.Attempts);
        _change.Bind(4, row.Code);
        _change.Bind(5, row.LastMs);
        _change.Bind(6, row.NextMs);
        _change.Run();
    }
}
