using Strowger.Records.Sqlite;

namespace Strowger.Records.Inbound;

/// <summary>The prepared statements of <see cref="InboundStore"/>, and rows from and to them.</summary>
internal sealed class InboundStatements : IDisposable
{
    private const string Select = $"SELECT {InboundSchema.Columns} FROM texts";

    private readonly SqliteDb _db;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _saveCursor;
    private readonly SqliteStatement _all;
    private readonly SqliteStatement _bySender;
    private readonly SqliteStatement _byRecipient;
    private readonly SqliteStatement _open;
    private readonly SqliteStatement _drop;

    public InboundStatements(SqliteDb db)
    {
        _db = db;
        _insert = db.Prepare($"INSERT OR IGNORE INTO texts({InboundSchema.Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _delete = db.Prepare("DELETE FROM texts WHERE position = ?");
        _saveCursor = db.Prepare("UPDATE progress SET cursor = ?");
        _all = db.Prepare($"{Select} WHERE position < ?1 ORDER BY position DESC");
        _bySender = db.Prepare($"{Select} WHERE position < ?1 AND {InboundSchema.Sender} = ?2 ORDER BY position DESC");
        _byRecipient = db.Prepare($"{Select} WHERE position < ?1 AND {InboundSchema.Recipient} = ?2 ORDER BY position DESC");
        _open = db.Prepare($"{Select} WHERE {InboundSchema.IsOpen} AND received_ms >= ?1 ORDER BY received_ms DESC LIMIT ?2");

        // Looks at the oldest rows only, whatever the size of the table.
        _drop = db.Prepare(
            "DELETE FROM texts WHERE position <= (SELECT max(position) FROM (SELECT position, received_ms FROM texts ORDER BY position LIMIT ?2) WHERE received_ms < ?1)");
    }

    public long Cursor() => _db.Scalar("SELECT cursor FROM progress");

    public void SaveCursor(long cursor)
    {
        _saveCursor.Bind(1, cursor);
        _saveCursor.Run();
    }

    public void Insert(InboundRow row)
    {
        _insert.Bind(1, row.Position);
        _insert.Bind(2, row.ReceivedMs);
        _insert.Bind(3, row.Channel);
        _insert.Bind(4, row.From);
        _insert.Bind(5, row.To);
        _insert.Bind(6, row.Text);
        _insert.Bind(7, row.DataHex);
        _insert.Bind(8, row.DataCoding);
        _insert.Bind(9, row.Parts);
        _insert.Bind(10, row.Part);
        _insert.Bind(11, row.Reference);
        _insert.Bind(12, row.Tlvs);
        _insert.Run();
    }

    public void Delete(long position)
    {
        _delete.Bind(1, position);
        _delete.Run();
    }

    public InboundRows List(InboundFilter filter, int maxExamined)
    {
        var from = filter.From?.TrimStart('+');
        var to = filter.To?.TrimStart('+');
        var statement = from is not null ? _bySender : to is not null ? _byRecipient : _all;
        statement.Bind(1, filter.Before);
        if (from is not null || to is not null)
        {
            statement.Bind(2, from ?? to);
        }

        var rows = new List<InboundRow>();
        try
        {
            for (var examined = 0; statement.Step(); examined++)
            {
                if (rows.Count == filter.Limit || examined == maxExamined)
                {
                    // This row is the next page's first.
                    return new InboundRows(rows, statement.Int64(0) + 1);
                }

                if (to is null || statement.Text(4)!.TrimStart('+') == to)
                {
                    rows.Add(Read(statement));
                }
            }

            return new InboundRows(rows, null);
        }
        finally
        {
            statement.Reset();
        }
    }

    public List<InboundRow> OpenParts(long sinceMs, int most)
    {
        var rows = new List<InboundRow>();
        _open.Bind(1, sinceMs);
        _open.Bind(2, most);
        try
        {
            while (_open.Step())
            {
                rows.Add(Read(_open));
            }
        }
        finally
        {
            _open.Reset();
        }

        rows.Sort((a, b) => a.Position.CompareTo(b.Position));
        return rows;
    }

    public long DropOldest(long beforeMs, int most)
    {
        _drop.Bind(1, beforeMs);
        _drop.Bind(2, most);
        _drop.Run();
        return _db.Scalar("SELECT changes()");
    }

    /// <summary>Goes on after a position, in order of arrival.</summary>
    /// <returns>Whether there is more.</returns>
    public bool Blank(long beforeMs, int most, ref long after)
    {
        using var next = _db.Prepare("SELECT count(*), max(position) FROM (SELECT position FROM texts WHERE position > ?1 AND received_ms < ?2 ORDER BY position LIMIT ?3)");
        next.Bind(1, after);
        next.Bind(2, beforeMs);
        next.Bind(3, most);
        next.Step();
        var (count, last) = (next.Int64(0), next.Int64(1));
        next.Reset();
        if (count == 0)
        {
            return false;
        }

        using var blank = _db.Prepare("UPDATE texts SET text = iif(text IS NULL, NULL, ''), data_hex = iif(data_hex IS NULL, NULL, ''), tlvs = NULL WHERE position > ?1 AND position <= ?2 AND received_ms < ?3");
        blank.Bind(1, after);
        blank.Bind(2, last);
        blank.Bind(3, beforeMs);
        blank.Run();
        after = last;
        return count == most;
    }

    public long Erase(IReadOnlyList<string> forms)
    {
        var erased = 0L;
        foreach (var column in (ReadOnlySpan<string>)[InboundSchema.Sender, InboundSchema.Recipient])
        {
            using var statement = _db.Prepare($"DELETE FROM texts WHERE {column} = ?1");
            foreach (var form in forms)
            {
                statement.Bind(1, form);
                statement.Run();
                erased += _db.Scalar("SELECT changes()");
            }
        }

        return erased;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_insert, _delete, _saveCursor, _all, _bySender, _byRecipient, _open, _drop])
        {
            statement.Dispose();
        }
    }

    private static InboundRow Read(SqliteStatement row) => new(
        row.Int64(0),
        row.Int64(1),
        row.Text(2)!,
        row.Text(3)!,
        row.Text(4)!,
        row.Text(5),
        row.Text(6),
        row.Int32(7),
        row.Int32(8),
        row.Int32(9),
        row.Int32(10))
    {
        Tlvs = row.Text(11),
    };
}
