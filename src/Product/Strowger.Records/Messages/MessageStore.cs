using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>What a message store needs to know.</summary>
public sealed record MessageStoreOptions
{
    /// <summary>The data directory; the files are in its folder <c>read</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Days kept, today included; 1 to 3650, default 90.</summary>
    public int KeepDays { get; init; } = 90;

    /// <summary>Rows one list call may look at; default <see cref="RecordsLimits.MaxExamined"/>.</summary>
    public int MaxExamined { get; init; } = RecordsLimits.MaxExamined;

    /// <summary>Where the journal ends: lists that are past it were made of another one and are deleted.</summary>
    public long JournalEnd { get; init; } = long.MaxValue;
}

/// <summary>
/// The read model behind lists of messages: rows by day of acceptance, written in batches by one projection, read by many.
/// It may be deleted while the program is stopped; the projection then fills it again from position 0.
/// <para>
/// A batch may touch several files. Older ones are committed first and on disk; the newest one is committed last and its
/// cursor speaks for all. A crash in between repeats the batch, which changes nothing.
/// </para>
/// </summary>
public sealed class MessageStore : IDisposable
{
    private const int MaxOpenWriters = 4;

    private readonly DayFiles _files;
    private readonly TimeProvider _time;
    private readonly int _keepDays;
    private readonly int _maxExamined;
    private readonly MessageReaders _readers = new();
    private readonly SortedDictionary<int, MessageDayWriter> _writers = [];
    private readonly HashSet<MessageDayWriter> _begun = [];
    private readonly Lock _turn = new();

    /// <summary>Newest first; replaced as a whole, so that readers need no lock.</summary>
    private volatile MessageDay[] _days;

    private MessageStore(MessageStoreOptions options, TimeProvider time)
    {
        _files = new DayFiles(Path.Combine(options.DataDirectory, "read"), "messages");
        _files.DropUnmade();
        _time = time;
        _keepDays = options.KeepDays;
        _maxExamined = options.MaxExamined;
        _days = [.. _files.List().Select(day => new MessageDay(day, _files.Path(day)))];
        Cursor = _days.Length == 0 ? 0 : ReadCursor();
        if (Cursor > options.JournalEnd)
        {
            CloseWriters();
            _files.DeleteAll();
            _days = [];
            Cursor = 0;
            IsBegunAnew = true;
        }
    }

    /// <summary>Journal position up to which events are in the lists.</summary>
    public long Cursor { get; private set; }

    /// <summary>True when the lists were of another journal and begin anew.</summary>
    public bool IsBegunAnew { get; }

    /// <summary>Changes of messages whose file is gone or never was, since the start.</summary>
    public long Missing { get; private set; }

    /// <exception cref="RecordsException">A file of a newer format version, damage, missing library.</exception>
    public static MessageStore Open(MessageStoreOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.KeepDays, 3650);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxExamined, 1);
        return new MessageStore(options, time);
    }

    /// <summary>Writes a batch and the cursor. By one thread.</summary>
    /// <param name="rows">In the order of their events; from a <see cref="MessageBatch"/> best.</param>
    /// <param name="cursor">Journal position after the last event of the batch.</param>
    /// <exception cref="RecordsException">Nothing of the batch counts; it can be tried again.</exception>
    public void Apply(ReadOnlySpan<MessageRow> rows, long cursor)
    {
        lock (_turn)
        {
            try
            {
                foreach (ref readonly var row in rows)
                {
                    Apply(row);
                }

                Commit(cursor);
            }
            catch
            {
                CloseWriters();
                throw;
            }
        }
    }

    /// <summary>One page, newest first, over all days. The look-up is bounded by <see cref="MessageStoreOptions.MaxExamined"/>.</summary>
    public MessagePage List(MessageFilter filter, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filter.Limit, RecordsLimits.MaxPage);
        return Search(ct).Page(filter);
    }

    /// <summary>How many match: exact by status, channel and campaign, else counted up to <see cref="RecordsLimits.CountCap"/>.</summary>
    public MessageCount Count(MessageFilter filter, CancellationToken ct = default) => Search(ct).Count(filter);

    /// <summary>Exact counts by channel, campaign and status.</summary>
    /// <param name="campaign">Only this campaign; null is all.</param>
    /// <param name="channel">Only this channel; null is all.</param>
    public IReadOnlyList<StatusCount> StatusCounts(string? campaign = null, string? channel = null, CancellationToken ct = default) =>
        Search(ct).StatusCounts(campaign, channel);

    /// <summary>A campaign's messages, oldest first, for an export: one page after an id.</summary>
    /// <param name="campaign">Its name.</param>
    /// <param name="after">Only those with a greater id; 0 is from the first.</param>
    /// <param name="limit">At least 1.</param>
    public IReadOnlyList<MessageRecord> Export(string campaign, long after, int limit, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(campaign);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Search(ct).Ascending(campaign, after, limit);
    }

    /// <summary>Deletes the files of days that are over; never the newest, which holds the cursor.</summary>
    /// <returns>How many.</returns>
    public int DropOldDays()
    {
        lock (_turn)
        {
            var first = DayFiles.DayOf(_time.GetUtcNow().ToUnixTimeMilliseconds()) - _keepDays + 1;
            var gone = _days.Skip(1).Where(day => day.Day < first).ToArray();
            _days = [.. _days.Except(gone)];
            foreach (var day in gone)
            {
                if (_writers.Remove(day.Day, out var writer))
                {
                    writer.Dispose();
                }

                _readers.Forget(day);
                _files.Delete(day.Day);
            }

            return gone.Length;
        }
    }

    /// <summary>Puts another number in the place of one, in all days, also where it is the sender, and takes away the references of its messages.</summary>
    /// <returns>Messages changed.</returns>
    /// <exception cref="RecordsException">The disk or a file cannot be used; days before it are done, and it can be tried again.</exception>
    public long Erase(ulong number, ulong instead)
    {
        var changed = 0L;
        foreach (var day in _days)
        {
            // A day at a time: the projection waits for one at most.
            lock (_turn)
            {
                if (Array.IndexOf(_days, day) >= 0)
                {
                    changed += Writer(day).Erase(number, instead);
                    CloseWriters();

                    // They know names by heart.
                    _readers.Forget(day);
                }
            }
        }

        return changed;
    }

    public void Dispose()
    {
        lock (_turn)
        {
            CloseWriters();
            _readers.Dispose();
        }
    }

    private MessageSearch Search(CancellationToken ct) => new(_readers, _days, _maxExamined, ct);

    private void Apply(in MessageRow row)
    {
        if (row.Created && StartsDay(row))
        {
            StartDay(DayFiles.DayOf(row.AcceptedMs));
        }

        // Without an older file the row is late over midnight and its day was never begun: the oldest file takes it.
        var day = row.Created && _days[0].MinId() == long.MaxValue ? _days[0] : FileOf(row.Id) ?? (row.Created ? _days[^1] : null);
        if (day is null)
        {
            Missing++;
            return;
        }

        var writer = Begun(day);
        if (row.Created)
        {
            writer.Insert(row);
            day.SetMinId(writer.MinId);
        }
        else if (!writer.Update(row))
        {
            Missing++;
        }
    }

    private bool StartsDay(in MessageRow row) =>
        _days.Length == 0 || (DayFiles.DayOf(row.AcceptedMs) > _days[0].Day && row.Id > Writer(_days[0]).MaxId);

    private MessageDay? FileOf(long id)
    {
        foreach (var day in _days)
        {
            if (day.MinId() <= id)
            {
                return day;
            }
        }

        return null;
    }

    private void StartDay(int day)
    {
        if (_days.Length > 0)
        {
            var last = Writer(_days[0]);
            if (_begun.Remove(last))
            {
                last.Commit(last.Cursor);
            }

            last.SetDurable();
        }

        // Readers see the day once its file is there.
        var started = new MessageDay(day, _files.Path(day));
        var writer = new MessageDayWriter(started.Path);
        _writers[day] = writer;
        started.SetMinId(writer.MinId);
        _days = [started, .. _days];
    }

    private void Commit(long cursor)
    {
        if (_days.Length == 0)
        {
            StartDay(DayFiles.DayOf(_time.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        var head = Begun(_days[0]);
        foreach (var writer in _begun)
        {
            if (writer != head)
            {
                writer.Commit(writer.Cursor);
            }
        }

        head.Commit(cursor);
        _begun.Clear();
        Cursor = cursor;
        while (_writers.Count > MaxOpenWriters)
        {
            var (day, writer) = _writers.First();
            writer.Dispose();
            _writers.Remove(day);
        }
    }

    private MessageDayWriter Begun(MessageDay day)
    {
        var writer = Writer(day);
        if (_begun.Add(writer))
        {
            writer.Begin();
        }

        return writer;
    }

    private MessageDayWriter Writer(MessageDay day)
    {
        if (!_writers.TryGetValue(day.Day, out var writer))
        {
            _writers[day.Day] = writer = new MessageDayWriter(day.Path);
            day.SetMinId(writer.MinId);
            if (day != _days[0])
            {
                writer.SetDurable();
            }
        }

        return writer;
    }

    private void CloseWriters()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }

        _writers.Clear();
        _begun.Clear();
    }

    /// <summary>The newest file may have been made and not yet committed: then the one before it has the cursor.</summary>
    private long ReadCursor()
    {
        long cursor = 0;
        foreach (var day in _days.Take(2))
        {
            cursor = Math.Max(cursor, Writer(day).Cursor);
        }

        return cursor;
    }
}
