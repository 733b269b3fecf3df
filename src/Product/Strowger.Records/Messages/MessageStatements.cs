using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>The prepared statements of a day's writer.</summary>
internal sealed class MessageStatements : IDisposable
{
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _insertOrIgnore;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _progress;
    private readonly SqliteStatement _saveProgress;
    private readonly SqliteDb _db;

    public MessageStatements(SqliteDb db)
    {
        _db = db;
        const string Values = $"INTO messages({MessageSchema.Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        _insert = db.Prepare($"INSERT {Values}");
        _insertOrIgnore = db.Prepare($"INSERT OR IGNORE {Values} RETURNING 1");
        _find = db.Prepare("SELECT status, channel, campaign, parts, updated_ms, sent_ms, final_ms, error FROM messages WHERE id = ?");
        _update = db.Prepare(
            "UPDATE messages SET status = ?, channel = ?, parts = ?, updated_ms = ?, sent_ms = ?, final_ms = ?, error = ? WHERE id = ?");
        _progress = db.Prepare("SELECT cursor, indexed_to, runs FROM progress");
        _saveProgress = db.Prepare("UPDATE progress SET cursor = ?, indexed_to = ?, runs = ?");
    }

    /// <returns>False when there was such a row and <paramref name="orIgnore"/> was asked for.</returns>
    public bool Insert(in MessageRow row, long sender, long channel, long campaign, bool orIgnore)
    {
        var statement = orIgnore ? _insertOrIgnore : _insert;
        statement.Bind(1, row.Id);
        statement.Bind(2, (long)row.To);
        statement.Bind(3, sender);
        statement.Bind(4, (long)row.Status);
        statement.Bind(5, channel);
        statement.Bind(6, campaign);
        statement.Bind(7, row.Parts);
        statement.Bind(8, row.AcceptedMs);
        statement.Bind(9, row.UpdatedMs == 0 ? row.AcceptedMs : row.UpdatedMs);
        statement.Bind(10, row.SentMs > 0 ? row.SentMs : -row.AcceptedMs);
        statement.Bind(11, row.FinalMs > 0 ? row.FinalMs : -row.AcceptedMs);
        statement.Bind(12, Math.Max(row.Error, 0));
        statement.Bind(13, string.IsNullOrEmpty(row.Reference) ? null : row.Reference);
        var inserted = statement.Step();
        statement.Reset();
        return inserted || !orIgnore;
    }

    public StoredState? Find(long id)
    {
        _find.Bind(1, id);
        StoredState? found = _find.Step()
            ? new StoredState(
                (MessageStatus)_find.Int32(0), _find.Int64(1), _find.Int64(2), _find.Int32(3),
                _find.Int64(4), _find.Int64(5), _find.Int64(6), _find.Int32(7))
            : null;
        _find.Reset();
        return found;
    }

    public void Update(long id, in StoredState state)
    {
        _update.Bind(1, (long)state.Status);
        _update.Bind(2, state.Channel);
        _update.Bind(3, state.Parts);
        _update.Bind(4, state.UpdatedMs);
        _update.Bind(5, state.SentMs);
        _update.Bind(6, state.FinalMs);
        _update.Bind(7, state.Error);
        _update.Bind(8, id);
        _update.Run();
    }

    public (long Cursor, long IndexedTo, long Runs) Progress()
    {
        _progress.Step();
        var progress = (_progress.Int64(0), _progress.Int64(1), _progress.Int64(2));
        _progress.Reset();
        return progress;
    }

    public void SaveProgress(long cursor, long indexedTo, long runs)
    {
        _saveProgress.Bind(1, cursor);
        _saveProgress.Bind(2, indexedTo);
        _saveProgress.Bind(3, runs);
        _saveProgress.Run();
    }

    /// <summary>By the index, run after run, and among the newest rows, which are in no run yet.</summary>
    public long Erase(long number, long instead, long indexedTo, long runs)
    {
        const string Change = "UPDATE messages SET to_number = ?2, reference = NULL WHERE to_number = ?1 AND id";
        var changed = Run($"{Change} > ?3", number, instead, indexedTo);
        for (var run = 0L; run <= runs; run++)
        {
            changed += Run($"{Change} IN (SELECT id FROM number_runs WHERE run = ?3 AND key = ?1)", number, instead, run);
            Run("DELETE FROM number_runs WHERE run = ?3 AND key = ?1 AND ?2 > 0", number, instead, run);
        }

        return changed;
    }

    /// <summary>Puts another sender in the place of one and takes away the references of its messages. Goes over the whole day when there is such a sender.</summary>
    public long EraseSender(string sender, string instead)
    {
        var old = IdOf(sender);
        if (old == 0)
        {
            return 0;
        }

        using (var add = _db.Prepare("INSERT OR IGNORE INTO names(name) VALUES (?)"))
        {
            add.Bind(1, instead);
            add.Run();
        }

        var changed = Run("UPDATE messages SET sender = ?2, reference = NULL WHERE sender = ?1 AND ?3 = 0", old, IdOf(instead), 0);

        // A word for a channel or campaign too stays theirs.
        Run("DELETE FROM names WHERE id = ?1 AND ?2 = ?3 AND NOT EXISTS (SELECT 1 FROM counts WHERE channel = ?1 OR campaign = ?1)", old, 0, 0);
        return changed;
    }

    private long IdOf(string name)
    {
        using var find = _db.Prepare("SELECT id FROM names WHERE name = ?");
        find.Bind(1, name);
        return find.Step() ? find.Int64(0) : 0;
    }

    private long Run(string sql, long first, long second, long third)
    {
        using var statement = _db.Prepare(sql);
        statement.Bind(1, first);
        statement.Bind(2, second);
        statement.Bind(3, third);
        statement.Run();
        return _db.Scalar("SELECT changes()");
    }

    public void Dispose()
    {
        _insert.Dispose();
        _insertOrIgnore.Dispose();
        _find.Dispose();
        _update.Dispose();
        _progress.Dispose();
        _saveProgress.Dispose();
    }
}

/// <summary>What of a stored row can change.</summary>
internal readonly record struct StoredState(
    MessageStatus Status, long Channel, long Campaign, int Parts, long UpdatedMs, long SentMs, long FinalMs, int Error)
{
    public StoredState With(in MessageRow change, long channel) => this with
    {
        Status = change.Status == 0 ? Status : change.Status,
        Channel = channel,
        Parts = change.Parts == 0 ? Parts : change.Parts,
        UpdatedMs = change.UpdatedMs == 0 ? UpdatedMs : change.UpdatedMs,
        SentMs = change.SentMs == 0 ? SentMs : change.SentMs,
        FinalMs = change.FinalMs switch { 0 => FinalMs, < 0 => -Math.Abs(FinalMs), var ms => ms },
        Error = change.Error switch { 0 => Error, < 0 => 0, var code => code },
    };
}
