using System.Globalization;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>Writes one day's file. After an exception it is disposed and opened anew: what it keeps in memory is then read back.</summary>
internal sealed class MessageDayWriter : IDisposable
{
    private readonly SqliteDb _db;
    private readonly NameTable _names;
    private readonly SortedRuns _numbers;
    private readonly SortedRuns _references;
    private readonly StatusDeltas _deltas;
    private readonly MessageStatements _statements;
    private long _indexedTo;
    private long _runs;

    public MessageDayWriter(string path)
    {
        _db = SqliteDb.Open(path, readOnly: false);
        try
        {
            // 16 MiB of pages; a checkpoint each 16 MiB of WAL, so that a page changed often is copied back once.
            _db.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000");
            MessageSchema.Migrations.Apply(_db);
            _names = new NameTable(_db, readOnly: false);
            _numbers = new SortedRuns(_db, "number_runs");
            _references = new SortedRuns(_db, "reference_runs");
            _deltas = new StatusDeltas(_db);
            _statements = new MessageStatements(_db);
            Load();
        }
        catch
        {
            _db.Dispose();
            throw;
        }
    }

    public long Cursor { get; private set; }

    /// <summary>long.MaxValue as long as there is no row.</summary>
    public long MinId { get; private set; } = long.MaxValue;

    public long MaxId { get; private set; }

    /// <summary>
    /// Makes every commit wait for the disk. For a file that is no longer the newest: the newest file's cursor speaks for it too,
    /// so it must not lose what that cursor is past.
    /// </summary>
    public void SetDurable()
    {
        _db.Execute("PRAGMA synchronous = FULL");
        _db.FlushToDisk();
    }

    public void Begin() => _db.Execute("BEGIN IMMEDIATE");

    public void Commit(long cursor)
    {
        if (_numbers.Pending >= SortedRuns.RunRows)
        {
            FlushRuns();
        }

        _deltas.Flush();
        _statements.SaveProgress(cursor, _indexedTo, _runs);
        _db.Execute("COMMIT");
        Cursor = cursor;
    }

    public void Insert(in MessageRow row)
    {
        var channel = _names.Add(row.Channel);
        var campaign = _names.Add(row.Campaign);
        var late = row.Id <= MaxId;
        if (!_statements.Insert(row, _names.Add(row.From), channel, campaign, orIgnore: late))
        {
            Update(row);
            return;
        }

        _deltas.Add(channel, campaign, row.Status, 1);
        Index(row);
        MaxId = Math.Max(MaxId, row.Id);
        MinId = Math.Min(MinId, row.Id);
    }

    /// <returns>False when the message is not in this file.</returns>
    public bool Update(in MessageRow row)
    {
        if (_statements.Find(row.Id) is not { } old)
        {
            return false;
        }

        var changed = old.With(row, row.Channel is null ? old.Channel : _names.Add(row.Channel));
        _statements.Update(row.Id, changed);
        if (changed.Status != old.Status || changed.Channel != old.Channel)
        {
            _deltas.Add(old.Channel, old.Campaign, old.Status, -1);
            _deltas.Add(changed.Channel, changed.Campaign, changed.Status, 1);
        }

        return true;
    }

    /// <summary>Stands in the place of each digit of a sender: as journals have it, from which lists are built again.</summary>
    private const char ErasedSenderDigit = '1';

    /// <summary>Puts another number in the place of one, and takes away the references of its messages. Outside a batch; afterwards the writer is opened anew.</summary>
    /// <returns>Messages changed.</returns>
    public long Erase(ulong number, ulong instead)
    {
        // What is deleted must not stay in free pages, nor in the WAL.
        _db.Execute("PRAGMA secure_delete = ON");
        Begin();
        var changed = _statements.Erase((long)number, (long)instead, _indexedTo, _runs);
        var digits = number.ToString(CultureInfo.InvariantCulture);
        foreach (var plus in (ReadOnlySpan<string>)["+", ""])
        {
            changed += _statements.EraseSender(plus + digits, plus + new string(ErasedSenderDigit, digits.Length));
        }

        _db.Execute("COMMIT");
        _db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return changed;
    }

    public void Dispose()
    {
        _names.Dispose();
        _numbers.Dispose();
        _references.Dispose();
        _deltas.Dispose();
        _statements.Dispose();
        _db.Dispose();
    }

    private void Index(in MessageRow row)
    {
        var late = row.Id <= _indexedTo;
        IndexInto(_numbers, (long)row.To, row.Id, late);
        if (!string.IsNullOrEmpty(row.Reference))
        {
            IndexInto(_references, StableHash.Of(row.Reference), row.Id, late);
        }
    }

    private static void IndexInto(SortedRuns runs, long key, long id, bool late)
    {
        if (late)
        {
            runs.AddLate(key, id);
        }
        else
        {
            runs.Add(key, id);
        }
    }

    private void FlushRuns()
    {
        _runs++;
        _numbers.Flush(_runs);
        _references.Flush(_runs);
        _indexedTo = MaxId;
    }

    private void Load()
    {
        (Cursor, _indexedTo, _runs) = _statements.Progress();
        MaxId = _db.Scalar("SELECT max(id) FROM messages");
        MinId = MaxId == 0 ? long.MaxValue : _db.Scalar("SELECT min(id) FROM messages");
        using var tail = _db.Prepare("SELECT id, to_number, reference FROM messages WHERE id > ? ORDER BY id");
        tail.Bind(1, _indexedTo);
        while (tail.Step())
        {
            Index(new MessageRow { Id = tail.Int64(0), To = (ulong)tail.Int64(1), Reference = tail.Text(2) });
        }
    }
}
