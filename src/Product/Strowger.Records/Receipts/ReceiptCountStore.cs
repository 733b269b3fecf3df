using Strowger.Records.Sqlite;

namespace Strowger.Records.Receipts;

/// <summary>
/// The read model that alarms about receipts are judged by: read/receipt-counts.db, a row for each minute of the last day in which a channel did
/// something. Written by one projection, which can fill it again from the journal; used by one thread at a time.
/// </summary>
public sealed class ReceiptCountStore : IDisposable
{
    /// <summary>A day. Before that nothing is compared.</summary>
    public const int MinutesKept = 24 * 60;

    private static readonly Migrations _migrations = new(
        "counts of receipts",
        """
        CREATE TABLE minutes(
          number INTEGER NOT NULL,
          channel TEXT NOT NULL,
          sent INTEGER NOT NULL,
          receipts INTEGER NOT NULL,
          delivered INTEGER NOT NULL,
          final INTEGER NOT NULL,
          PRIMARY KEY(number, channel)) STRICT, WITHOUT ROWID;

        -- cursor: every event before this journal position is counted.
        CREATE TABLE progress(key INTEGER PRIMARY KEY CHECK(key = 1), cursor INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0);
        """);

    private readonly ReadModelDb _model;
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _drop;
    private readonly SqliteStatement _list;

    private ReceiptCountStore(ReadModelDb model)
    {
        _model = model;
        var db = model.Db;
        _put = db.Prepare("INSERT OR REPLACE INTO minutes(number, channel, sent, receipts, delivered, final) VALUES (?, ?, ?, ?, ?, ?)");
        _drop = db.Prepare("DELETE FROM minutes WHERE number <= (SELECT max(number) FROM minutes) - ?");
        _list = db.Prepare("SELECT channel, number, sent, receipts, delivered, final FROM minutes ORDER BY number");
    }

    /// <summary>Journal position up to which events are counted.</summary>
    public long Cursor => _model.Cursor;

    /// <param name="dataDirectory">The file is in its folder <c>read</c>.</param>
    /// <param name="journalEnd">Where the journal ends: counts that are past it were made of another one and begin anew.</param>
    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static ReceiptCountStore Open(string dataDirectory, long journalEnd) =>
        new(ReadModelDb.Open(dataDirectory, "receipt-counts.db", 1024, _migrations, "minutes", journalEnd));

    /// <summary>The minutes kept, the oldest first.</summary>
    public IReadOnlyList<ReceiptMinute> List()
    {
        var found = new List<ReceiptMinute>();
        try
        {
            while (_list.Step())
            {
                found.Add(new ReceiptMinute(_list.Text(0)!, _list.Int64(1), _list.Int64(2), _list.Int64(3), _list.Int64(4), _list.Int64(5)));
            }
        }
        finally
        {
            _list.Reset();
        }

        return found;
    }

    /// <summary>Writes minutes as they stand now and the cursor, and drops what is older than a day, in one transaction.</summary>
    /// <exception cref="RecordsException">Nothing of it counts; it can be tried again.</exception>
    public void Apply(IReadOnlyList<ReceiptMinute> changed, long cursor)
    {
        ArgumentNullException.ThrowIfNull(changed);
        _model.Apply(cursor, () =>
        {
            foreach (var minute in changed)
            {
                Put(minute);
            }

            _drop.Bind(1, MinutesKept);
            _drop.Run();
        });
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_put, _drop, _list])
        {
            statement.Dispose();
        }

        _model.Dispose();
    }

    private void Put(in ReceiptMinute minute)
    {
        _put.Bind(1, minute.Number);
        _put.Bind(2, minute.Channel);
        _put.Bind(3, minute.Sent);
        _put.Bind(4, minute.Receipts);
        _put.Bind(5, minute.Delivered);
        _put.Bind(6, minute.Final);
        _put.Run();
    }
}
