namespace Strowger.Records.Receipts;

/// <summary>Told of entries that are in the index now; on the thread that appends, outside its lock.</summary>
public delegate void ReceiptsAppended(ReadOnlySpan<ReceiptEntry> entries);

/// <summary>
/// Finds the part a delivery receipt is for, days later and after a restart. A read model: the journal's events can fill it
/// again. Safe for use by several threads; they take turns.
/// </summary>
public sealed class ReceiptIndexStore : IDisposable
{
    /// <summary>A carrier that gives the same id again and again must not make a look-up long.</summary>
    public const int MaxFound = 16;

    private readonly DayFiles _files;
    private readonly TimeProvider _time;
    private readonly int _keepDays;
    private readonly Lock _turn = new();

    /// <summary>Newest first; some handles and at most 4 MiB of pages each.</summary>
    private readonly List<ReceiptDay> _days = [];

    private ReceiptIndexStore(string dataDirectory, int keepDays, TimeProvider time)
    {
        _files = new DayFiles(Path.Combine(dataDirectory, "read"), "receipts");
        _files.DropUnmade();
        _time = time;
        _keepDays = keepDays;
    }

    public event ReceiptsAppended? Appended;

    /// <summary>Journal position up to which events are in the index.</summary>
    public long Cursor { get; private set; }

    /// <summary>True when it was of another journal and begins anew.</summary>
    public bool IsBegunAnew { get; private set; }

    /// <param name="dataDirectory">The files are in its folder <c>read</c>.</param>
    /// <param name="keepDays">Days kept, today included; 1 to 31. Carriers keep trying for 3 days as a rule.</param>
    /// <param name="time">For what is old.</param>
    /// <param name="journalEnd">Where the journal ends: an index that is past it was made of another one and is deleted.</param>
    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static ReceiptIndexStore Open(string dataDirectory, int keepDays, TimeProvider time, long journalEnd = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepDays, 31);
        var store = new ReceiptIndexStore(dataDirectory, keepDays, time);
        try
        {
            store.DropOldDays();
            store.OpenAll();
            if (store.Cursor > journalEnd)
            {
                store.Close();
                store._files.DeleteAll();
                store.OpenAll();
                store.IsBegunAnew = true;
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Adds entries and moves the cursor, in one transaction.</summary>
    /// <exception cref="RecordsException">Nothing of the batch counts; it can be tried again.</exception>
    public void Append(ReadOnlySpan<ReceiptEntry> entries, long cursor)
    {
        lock (_turn)
        {
            try
            {
                Write(entries, cursor);
            }
            catch
            {
                // What the newest file keeps in memory is read back from its last commit.
                OpenAll();
                throw;
            }
        }

        Appended?.Invoke(entries);
    }

    /// <summary>Parts whose carrier id has this hash, newest day first; at most <see cref="MaxFound"/>.</summary>
    public IReadOnlyList<ReceiptEntry> Find(ulong hash)
    {
        var found = new List<ReceiptEntry>();
        lock (_turn)
        {
            foreach (var day in _days)
            {
                day.Find(hash, found, MaxFound);
                if (found.Count >= MaxFound)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Deletes the files of days that are over; never the newest, which holds the cursor.</summary>
    /// <returns>How many.</returns>
    public int DropOldDays()
    {
        lock (_turn)
        {
            var first = DayFiles.DayOf(_time.GetUtcNow().ToUnixTimeMilliseconds()) - _keepDays + 1;
            var gone = _files.List().Skip(1).Where(day => day < first).ToArray();
            foreach (var day in gone)
            {
                _days.Find(open => open.Day == day)?.Dispose();
                _days.RemoveAll(open => open.Day == day);
                _files.Delete(day);
            }

            return gone.Length;
        }
    }

    /// <summary>Takes a number out of all entries; their receipts are then matched by the carrier's id alone.</summary>
    /// <exception cref="RecordsException">The disk or a file cannot be used; it can be tried again.</exception>
    public void Erase(ulong number)
    {
        lock (_turn)
        {
            try
            {
                foreach (var day in _days)
                {
                    day.Erase(number);
                }
            }
            finally
            {
                OpenAll();
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            Close();
        }
    }

    private void Write(ReadOnlySpan<ReceiptEntry> entries, long cursor)
    {
        var today = DayFiles.DayOf(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var head = Head(entries.IsEmpty ? _days.Count > 0 ? _days[0].Day : today : entries[0].Day);
        head.Begin();
        foreach (ref readonly var entry in entries)
        {
            if (entry.Day > head.Day)
            {
                head.Commit(head.Cursor);
                head = Head(entry.Day);
                head.Begin();
            }

            head.Append(entry);
        }

        head.Commit(cursor);
        Cursor = cursor;
    }

    /// <summary>The newest file; a new one when a day begins. A clock set back goes on in the newest.</summary>
    private ReceiptDay Head(int day)
    {
        if (_days.Count > 0)
        {
            if (day <= _days[0].Day)
            {
                return _days[0];
            }

            _days[0].Seal();
        }

        var head = new ReceiptDay(day, _files.Path(day));
        _days.Insert(0, head);
        return head;
    }

    private void OpenAll()
    {
        Close();
        foreach (var day in _files.List())
        {
            _days.Add(new ReceiptDay(day, _files.Path(day)));
        }

        Cursor = _days.Count == 0 ? 0 : _days.Max(day => day.Cursor);
    }

    private void Close()
    {
        _days.ForEach(day => day.Dispose());
        _days.Clear();
    }
}
