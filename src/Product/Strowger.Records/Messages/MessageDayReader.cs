using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>Reads one day's file beside its writer. Used by one thread at a time.</summary>
internal sealed class MessageDayReader : IDisposable
{
    /// <summary>Places a look-up by number or reference takes from the runs at once.</summary>
    private const int MaxPlaces = 10_000;

    private readonly SqliteDb _db;
    private readonly NameTable _names;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    public MessageDayReader(MessageDay day)
    {
        Day = day;
        _db = SqliteDb.Open(day.Path, readOnly: true);
        _names = new NameTable(_db, readOnly: true);
    }

    public MessageDay Day { get; }

    /// <summary>Adds matching rows below <paramref name="before"/>, newest first, until there are <paramref name="wanted"/>.</summary>
    /// <returns>The last id looked at when it stopped early, or null when the file has no more.</returns>
    public long? Read(MessageFilter filter, long before, int wanted, SearchBudget budget, List<MessageRecord> rows)
    {
        _db.Execute("BEGIN");
        try
        {
            if (Resolve(filter) is not { } query || !MayMatch(query))
            {
                return null;
            }

            return query.UsesRuns
                ? ReadPlaces(query, before, wanted, budget, rows)
                : Scan(query, before, wanted, budget, rows);
        }
        finally
        {
            _db.Execute("COMMIT");
        }
    }

    /// <summary>Adds a campaign's rows above <paramref name="after"/>, oldest first.</summary>
    public void ReadAscending(string campaign, long after, int wanted, List<MessageRecord> rows)
    {
        if (_names.Find(campaign) is not { } number)
        {
            return;
        }

        var statement = Statement($"SELECT {MessageSchema.Columns} FROM messages WHERE campaign = ?2 AND campaign > 0 AND id > ?1 ORDER BY id LIMIT ?3");
        statement.Bind(1, after);
        statement.Bind(2, number);
        statement.Bind(3, wanted);
        try
        {
            while (statement.Step())
            {
                rows.Add(Record(statement));
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The exact counts.</summary>
    public void AddCounts(Dictionary<(string? Channel, string? Campaign, MessageStatus Status), long> totals)
    {
        var statement = Statement("SELECT channel, campaign, status, messages FROM counts WHERE messages <> 0");
        while (statement.Step())
        {
            var key = (_names.Name(statement.Int64(0)), _names.Name(statement.Int64(1)), (MessageStatus)statement.Int32(2));
            totals[key] = totals.GetValueOrDefault(key) + statement.Int64(3);
        }

        statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _names.Dispose();
        _db.Dispose();
    }

    /// <returns>Null when the file knows no such channel or campaign.</returns>
    private DayQuery? Resolve(MessageFilter filter)
    {
        var channel = string.IsNullOrEmpty(filter.Channel) ? null : _names.Find(filter.Channel);
        var campaign = string.IsNullOrEmpty(filter.Campaign) ? null : _names.Find(filter.Campaign);
        var unknown = (channel is null && !string.IsNullOrEmpty(filter.Channel)) || (campaign is null && !string.IsNullOrEmpty(filter.Campaign));
        return unknown ? null : new DayQuery(filter, channel, campaign);
    }

    /// <summary>The counts know without looking whether a channel, campaign and status have any message today.</summary>
    private bool MayMatch(in DayQuery query) => SumCounts(query) > 0;

    public long SumCounts(MessageFilter filter) => Resolve(filter) is { } query ? SumCounts(query) : 0;

    private long SumCounts(in DayQuery query)
    {
        var statement = Statement(
            "SELECT coalesce(sum(messages), 0) FROM counts WHERE (?1 < 0 OR channel = ?1) AND (?2 < 0 OR campaign = ?2) AND (?3 < 0 OR status = ?3)");
        statement.Bind(1, query.Channel ?? -1);
        statement.Bind(2, query.Campaign ?? -1);
        statement.Bind(3, query.Filter.Status is { } status ? (long)status : -1);
        statement.Step();
        var sum = statement.Int64(0);
        statement.Reset();
        return sum;
    }

    private long? Scan(in DayQuery query, long before, int wanted, SearchBudget budget, List<MessageRecord> rows)
    {
        const string Select = $"SELECT {MessageSchema.Columns} FROM messages";
        SqliteStatement statement;
        if (query.Campaign is { } campaign)
        {
            statement = Statement($"{Select} WHERE campaign = ?2 AND campaign > 0 AND id < ?1 ORDER BY id DESC");
            statement.Bind(2, campaign);
        }
        else if (query.UsesStatusIndex)
        {
            statement = Statement($"{Select} WHERE status = ?2 AND {MessageSchema.IndexedStatus} AND id < ?1 ORDER BY id DESC");
            statement.Bind(2, (long)query.Filter.Status!.Value);
        }
        else
        {
            statement = Statement($"{Select} WHERE id < ?1 ORDER BY id DESC");
        }

        statement.Bind(1, before);
        try
        {
            while (statement.Step())
            {
                budget.Take();
                if (Matches(statement, query))
                {
                    rows.Add(Record(statement));
                }

                if (rows.Count >= wanted || budget.Spent)
                {
                    return statement.Int64(0);
                }
            }

            return null;
        }
        finally
        {
            statement.Reset();
        }
    }

    private long? ReadPlaces(in DayQuery query, long before, int wanted, SearchBudget budget, List<MessageRecord> rows)
    {
        var places = new MessagePlaces(Statement, MaxPlaces).Find(query, before, out var more);
        var statement = Statement($"SELECT {MessageSchema.Columns} FROM messages WHERE id = ?");
        foreach (var id in places)
        {
            budget.Take();
            statement.Bind(1, id);
            if (statement.Step() && Matches(statement, query))
            {
                rows.Add(Record(statement));
            }

            statement.Reset();
            if (rows.Count >= wanted || budget.Spent)
            {
                return id;
            }
        }

        return more ? places[^1] : null;
    }

    private static bool Matches(SqliteStatement row, in DayQuery query)
    {
        var filter = query.Filter;
        return (filter.Status is not { } status || row.Int32(3) == (int)status)
            && (query.Channel is not { } channel || row.Int64(4) == channel)
            && (query.Campaign is not { } campaign || row.Int64(5) == campaign)
            && (filter.To is not { } to || row.Int64(1) == (long)to)
            && (filter.ToEnding is not { } ending || ending.Ends((ulong)row.Int64(1)))
            && (string.IsNullOrEmpty(filter.Reference) || row.Text(12) == filter.Reference);
    }

    private MessageRecord Record(SqliteStatement row) => new(
        row.Int64(0),
        (ulong)row.Int64(1),
        _names.Name(row.Int64(2)),
        (MessageStatus)row.Int32(3),
        _names.Name(row.Int64(4)),
        _names.Name(row.Int64(5)),
        row.Text(12),
        row.Int32(6),
        row.Int64(7),
        row.Int64(8),
        Math.Max(row.Int64(9), 0),
        Math.Max(row.Int64(10), 0),
        row.Int32(11));

    private SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = _db.Prepare(sql);
        }

        return statement;
    }
}
