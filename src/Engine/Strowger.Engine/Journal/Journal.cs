using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>
/// An append-only log of records, addressed by position: bytes since the beginning of time, a multiple of 8, never reused. Kept in
/// segment files (docs/formats/journal.md). Safe for any number of threads.
/// </summary>
/// <remarks>
/// A record is first in memory (<see cref="End"/>), then with the kernel, where it survives the process
/// (<see cref="WrittenEnd"/>), then on stable storage, where it survives a power loss (<see cref="DurableEnd"/>).
/// </remarks>
public sealed class Journal : IAsyncDisposable
{
    // A commit begins by itself when this share of MaxUnsyncedBytes waits, though nobody asked.
    private const int UnaskedCommitShare = 16;

    // Large enough for nearly every record in one read.
    private const int FirstReadBytes = 4096;

    // The same damage met again by another reader is not told again; beyond so many places the operator knows enough.
    private const int MaxDamageReports = 4096;

    private readonly JournalOptions _options;
    private readonly JournalStorage _storage;
    private readonly DirectoryLock _lock;
    private readonly SegmentTable _table;
    private readonly SpaceKeeper _space;
    private readonly TailBuffer _tail;
    private readonly SegmentWriter _writer;
    private readonly DurableWaiters _waiters;
    private readonly Committer _committer;
    private readonly HashSet<long> _damage = [];
    private readonly int _unaskedCommitBytes;
    private int _disposed;

    private Journal(JournalOptions options, TimeProvider time, JournalStorage storage, DirectoryLock directoryLock)
    {
        _options = options;
        _storage = storage;
        _lock = directoryLock;
        _unaskedCommitBytes = options.MaxUnsyncedBytes / UnaskedCommitShare;
        OpenedJournal opened = new JournalOpening(options, time, storage, Report, ReportDamage).Run();
        _table = opened.Table;
        _space = opened.Space;
        _tail = new TailBuffer(options, _space, opened.End);
        _writer = new SegmentWriter(opened, _tail, options, time, storage, Report);
        _waiters = new DurableWaiters(opened.End);
        _committer = new Committer(_writer, _space, _waiters, options, time, Report);
        _space.OnReturn = _committer.Signal;
        _committer.Start();
    }

    /// <summary>Position after the last appended record.</summary>
    public long End => _tail.End;

    /// <summary>Position after the last record handed to the kernel: what survives the end of the process.</summary>
    public long WrittenEnd => _writer.Written;

    /// <summary>Position after the last synced record: what survives a power loss.</summary>
    public long DurableEnd => _waiters.Durable;

    /// <summary>First position still on disk.</summary>
    public long Begin => _table.Begin;

    /// <summary>How long syncs took.</summary>
    public SyncTimes SyncTimes => _writer.SyncTimes;

    /// <summary>What the disk still takes.</summary>
    public JournalSpace Space => _space.Space;

    /// <summary>
    /// Called with the new <see cref="DurableEnd"/> after each sync, by the committing thread and before waiters are released: it
    /// must be quick and must not wait for the journal.
    /// </summary>
    public Action<long>? Durable
    {
        get => _committer.Durable;
        set => _committer.Durable = value;
    }

    /// <summary>The segment files, oldest first.</summary>
    public IReadOnlyList<SegmentInfo> Segments
    {
        get
        {
            long end = End;
            Segment[] segments = _table.All;
            SegmentInfo[] list = new SegmentInfo[segments.Length];
            for (int i = 0; i < segments.Length; i++)
            {
                long segmentEnd = i + 1 < segments.Length ? segments[i + 1].Base : end;
                list[i] = new SegmentInfo(segments[i].Base, segmentEnd, segments[i].FileBytes, segments[i].CreatedMs);
            }

            return list;
        }
    }

    /// <summary>
    /// Opens the journal in a directory, or begins one. A <see cref="JournalException"/> when it is in use, was written by a newer
    /// version, or cannot be read or written.
    /// </summary>
    public static Journal Open(JournalOptions options, TimeProvider time, JournalStorage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        storage ??= new JournalStorage();
        MakeDirectory(options.Directory, storage);
        DirectoryLock directoryLock = DirectoryLock.Take(options.Directory);
        try
        {
            return new Journal(options, time, storage, directoryLock);
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Copies a record to the end of the journal, in memory, and returns its position. A <see cref="JournalFullException"/> when
    /// <see cref="Space"/> is <see cref="JournalSpace.Stopped"/> or too much is not yet synced.
    /// </summary>
    public long Append(byte type, ReadOnlySpan<byte> payload, long timeMs)
    {
        if (payload.Length > _options.MaxRecordBytes)
        {
            throw new ArgumentException($"A record of {payload.Length} bytes; at most {_options.MaxRecordBytes} are allowed.", nameof(payload));
        }

        long position = _tail.Append(type, payload, timeMs);
        if (_tail.UnsyncedBytes > _unaskedCommitBytes)
        {
            _committer.Signal();
        }

        return position;
    }

    /// <summary>
    /// Returns when everything appended so far is with the kernel, not synced. A <see cref="JournalException"/> when the disk does
    /// not take it.
    /// </summary>
    public void Write()
    {
        try
        {
            _writer.Write();
        }
        catch (IOException e)
        {
            _space.WritingFailed(_writer.Synced);
            throw new JournalException($"The journal cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Completes when <see cref="DurableEnd"/> has reached <paramref name="end"/>. While the disk fails it waits on; only
    /// cancellation and closing end it otherwise. Await the result once.
    /// </summary>
    public ValueTask WaitDurableAsync(long end, CancellationToken cancellationToken = default)
    {
        if (_waiters.Durable >= end)
        {
            return ValueTask.CompletedTask;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, End);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (_waiters.TryWait(end, cancellationToken, out ValueTask task))
        {
            _committer.Signal();
        }

        return task;
    }

    /// <summary>Asks that what has been appended be synced with the next group commit, at most the sync interval from now.</summary>
    public void RequestSync() => _committer.RequestSync();

    /// <summary>
    /// Reads the record that begins at a position returned by <see cref="Append"/>, from memory or disk, into a buffer that grows
    /// as needed. False when there is none: not appended, deleted, or damaged (which is an incident).
    /// </summary>
    public bool TryRead(long position, ref byte[] buffer, out RecordView record)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentNullException.ThrowIfNull(buffer);
        record = default;
        if (position >= End || position < Begin)
        {
            return false;
        }

        if (!_tail.TryCopy(position, ref buffer, out int total))
        {
            total = ReadRecord(position, ref buffer);
            if (total < 0)
            {
                return false;
            }
        }

        if (total == 0 || !RecordFormat.IsIntact(buffer.AsSpan(0, total), position))
        {
            ReportDamage(position, position + total);
            return false;
        }

        record = RecordFormat.View(buffer.AsSpan(0, total), position);
        return true;
    }

    /// <summary>Whether a record begins at a position, which may come from outside: nothing is reported when it does not.</summary>
    public bool HasRecord(long position)
    {
        if (position >= End || position < Begin)
        {
            return false;
        }

        byte[] buffer = [];
        return _tail.TryCopy(position, ref buffer, out _) || ReadRecord(position, ref buffer) > 0;
    }

    /// <summary>Reads records in order, beginning at a record's position; a position already deleted means <see cref="Begin"/>.</summary>
    public JournalReader OpenReader(long from)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, End);
        return new JournalReader(this, new RecordCursor(_table, from));
    }

    /// <summary>Deletes the segment files that hold only positions before this one; never the one being written.</summary>
    public void DeleteBefore(long position)
    {
        Segment[] removed = _table.RemoveBefore(position);
        if (removed.Length == 0)
        {
            return;
        }

        try
        {
            foreach (Segment segment in removed)
            {
                _storage.Delete(segment.Path);
            }

            _storage.SyncDirectory(_options.Directory);
        }
        catch (IOException e)
        {
            Report(new JournalIncident(JournalIncidentKind.DeleteFailed, removed[0].Base, removed[^1].Limit - removed[0].Base,
                $"Old segments in {_options.Directory} could not be deleted: {e.Message}", e));
        }
    }

    /// <summary>Syncs what has been appended and closes the files. What cannot be synced is told to its waiters.</summary>
    public ValueTask DisposeAsync() => CloseAsync(abandon: false);

    /// <summary>Closes without writing what is in memory, as a crash would.</summary>
    internal ValueTask AbandonAsync() => CloseAsync(abandon: true);

    internal int ReadBytes(long position, Span<byte> destination) => _table.Read(position, destination, WrittenEnd);

    /// <summary>The segment file a position stands in, for writing; null when it has been deleted.</summary>
    internal (SafeFileHandle File, long Base)? OpenForOverwrite(long position) =>
        _table.Find(position) is { } segment ? (_storage.Open(segment.Path, writable: true), segment.Base) : null;

    internal void OverwriteInMemory(long position, ReadOnlySpan<byte> record) => _tail.Overwrite(position, record);

    internal long BaseOf(long position) => _table.Find(position)?.Base ?? -1;

    internal JournalStorage Storage => _storage;

    /// <summary>Makes the next segment now instead of on the pool.</summary>
    internal void PrepareSpare() => _space.Prepare();

    internal void ReportDamage(long begin, long end)
    {
        lock (_damage)
        {
            if (_damage.Count >= MaxDamageReports || !_damage.Add(begin))
            {
                return;
            }
        }

        string message = end > begin
            ? $"{end - begin} bytes at position {begin} are damaged and skipped."
            : $"No good record begins at position {begin}.";
        Report(new JournalIncident(JournalIncidentKind.Damage, begin, end - begin, message));
    }

    private static void MakeDirectory(string directory, JournalStorage storage)
    {
        try
        {
            List<string> parents = [];
            for (string? path = directory; path is not null && !Directory.Exists(path); path = Path.GetDirectoryName(path))
            {
                parents.Add(Path.GetDirectoryName(path)!);
            }

            Directory.CreateDirectory(directory);
            parents.ForEach(storage.SyncDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Cannot make the journal's directory {directory}: {e.Message}", e);
        }
    }

    /// <summary>The record's length; 0 when it is damaged, −1 when it was deleted.</summary>
    private int ReadRecord(long position, ref byte[] buffer)
    {
        if (buffer.Length < FirstReadBytes)
        {
            buffer = new byte[FirstReadBytes];
        }

        int count = ReadBytes(position, buffer.AsSpan(0, FirstReadBytes));
        if (count < 0)
        {
            return -1;
        }

        if (!RecordFormat.TryReadHeader(buffer.AsSpan(0, count), position, out int total))
        {
            return 0;
        }

        if (total <= count)
        {
            return total;
        }

        if (buffer.Length < total)
        {
            Array.Resize(ref buffer, total);
        }

        return ReadBytes(position + count, buffer.AsSpan(count, total - count)) == total - count ? total : 0;
    }

    private void Report(JournalIncident incident)
    {
        try
        {
            _options.OnIncident?.Invoke(incident);
        }
        catch (Exception)
        {
            // There is no one else to tell, and the journal must go on.
        }
    }

    private async ValueTask CloseAsync(bool abandon)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _tail.Close();
        await _committer.StopAsync(abandon).ConfigureAwait(false);
        _space.Dispose();
        _writer.Dispose();
        _table.Dispose();
        _lock.Dispose();
    }
}
