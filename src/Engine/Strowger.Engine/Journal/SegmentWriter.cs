using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>
/// Brings appended bytes into the current segment and onto the disk. A segment whose write or sync failed is left for good: what
/// was not yet synced is written, at the same positions, into a new segment that begins where the old one was last known good.
/// </summary>
/// <remarks>
/// Two locks, taken in this order: one for syncing and changing segments, one for writing. So a write need not wait for a sync,
/// and the kernel reports a sync's failure (once per open file) to the one thread that must hear it.
/// </remarks>
internal sealed class SegmentWriter : IDisposable
{
    // A fresh segment that fails at once is not replaced for ever within one call: the retry timer takes over.
    private const int MaxReplacements = 3;

    // A disk this slow delays every answer that waits for it: the operator should hear of it.
    private static readonly TimeSpan _slowSync = TimeSpan.FromSeconds(1);

    private readonly Lock _syncLock = new();
    private readonly Lock _writeLock = new();
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalStorage _storage;
    private readonly SegmentTable _table;
    private readonly SpaceKeeper _space;
    private readonly TailBuffer _tail;
    private readonly Action<JournalIncident> _report;
    private Segment _segment;
    private SafeFileHandle _file;
    private long _written;
    private long _synced;
    private bool _broken;

    public SegmentWriter(OpenedJournal opened, TailBuffer tail, JournalOptions options, TimeProvider time, JournalStorage storage, Action<JournalIncident> report)
    {
        _segment = opened.Segment;
        _file = opened.File;
        _written = opened.End;
        _synced = opened.End;
        _table = opened.Table;
        _space = opened.Space;
        _tail = tail;
        _options = options;
        _time = time;
        _storage = storage;
        _report = report;
    }

    public SyncTimes SyncTimes { get; } = new();

    public long Written => Volatile.Read(ref _written);

    public long Synced => Volatile.Read(ref _synced);

    /// <summary>Hands everything appended so far to the kernel. An <see cref="IOException"/> when no segment takes it.</summary>
    public void Write()
    {
        long target = _tail.End;
        if (Written >= target)
        {
            return;
        }

        lock (_writeLock)
        {
            if (WriteTo(target, mayReplace: false))
            {
                return;
            }
        }

        lock (_syncLock)
        {
            lock (_writeLock)
            {
                WriteTo(target, mayReplace: true);
            }
        }
    }

    /// <summary>Writes and syncs everything appended so far. An <see cref="IOException"/> when no segment takes it.</summary>
    public void Commit()
    {
        lock (_syncLock)
        {
            long target;
            lock (_writeLock)
            {
                if (_broken)
                {
                    Replace();
                }

                WriteTo(_tail.End, mayReplace: true);
                target = _written;
            }

            if (target == _synced)
            {
                return;
            }

            try
            {
                TimedSync();
                SetSynced(target);
            }
            catch (IOException e)
            {
                lock (_writeLock)
                {
                    Break(JournalIncidentKind.SyncFailed, e);
                    Replace();
                }
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void TimedSync()
    {
        long start = _time.GetTimestamp();
        _storage.Sync(_file);
        TimeSpan took = _time.GetElapsedTime(start);
        SyncTimes.Add(took);
        if (took >= _slowSync)
        {
            _report(new JournalIncident(JournalIncidentKind.SlowSync, _synced, _written - _synced,
                string.Create(CultureInfo.InvariantCulture, $"The disk took {took.TotalSeconds:0.0} s to make {_written - _synced} bytes of {_segment.Path} stable.")));
        }
    }

    /// <summary>False when a new segment is needed and may not be begun.</summary>
    private bool WriteTo(long target, bool mayReplace)
    {
        int replacements = 0;
        while (_written < target)
        {
            ReadOnlySpan<byte> bytes = _tail.Peek(_written, target);
            long room = _segment.Limit - _written;
            if (bytes.Length > room)
            {
                bytes = bytes[..RecordFormat.WholeRecords(bytes, room)];
            }

            if (_broken || bytes.IsEmpty)
            {
                if (!mayReplace)
                {
                    return false;
                }

                if (replacements++ == MaxReplacements)
                {
                    throw new IOException($"{MaxReplacements} new segments failed one after the other.");
                }

                Replace();
                continue;
            }

            try
            {
                WriteAll(_file, bytes, Segment.OffsetOf(_written, _segment.Base));
                Volatile.Write(ref _written, _written + bytes.Length);
                replacements = 0;
            }
            catch (IOException e)
            {
                Break(JournalIncidentKind.WriteFailed, e);
            }
        }

        return true;
    }

    private void Break(JournalIncidentKind kind, IOException error)
    {
        _broken = true;
        SuspectMark.Set(_storage, _options.Directory);
        _report(new JournalIncident(kind, _synced, _written - _synced, $"{_segment.Path}: {error.Message}", error));
    }

    /// <summary>Ends the current segment, synced or given up, and begins the next with what is not synced. Needs both locks.</summary>
    private void Replace()
    {
        if (!_broken)
        {
            try
            {
                TimedSync();
                SetSynced(_written);
            }
            catch (IOException e)
            {
                Break(JournalIncidentKind.SyncFailed, e);
            }
        }

        SafeFileHandle file = _space.TakeSpare();
        Segment segment;
        try
        {
            segment = Begin(file);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        long moved = _written - _synced;
        _table.Add(segment);
        _file.Dispose();
        _file = file;
        _segment = segment;
        if (_broken)
        {
            _broken = false;
            SuspectMark.Clear(_storage, _options.Directory);
            _report(new JournalIncident(JournalIncidentKind.Moved, segment.Base, moved, $"{moved} bytes not yet synced now stand in {segment.Path}."));
        }

        SetSynced(_written);
        _space.SegmentStarted(segment.Limit);
    }

    /// <summary>Header, unsynced bytes, sync, name, sync of the name: in this order, so that a named segment is a whole one.</summary>
    private Segment Begin(SafeFileHandle file)
    {
        long begin = _synced;
        long createdMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        SegmentFile.WriteHeader(_storage, file, begin, createdMs);
        for (long position = begin; position < _written;)
        {
            ReadOnlySpan<byte> bytes = _tail.Peek(position, _written);
            WriteAll(file, bytes, Segment.OffsetOf(position, begin));
            position += bytes.Length;
        }

        Segment segment = new(_options.Directory, begin, _options.SegmentBytes, createdMs);
        SegmentFile.Name(_storage, file, _space.NextPath, segment.Path);
        return segment;
    }

    private void WriteAll(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => SegmentFile.WriteAll(_storage, file, bytes, offset);

    private void SetSynced(long position)
    {
        Volatile.Write(ref _synced, position);
        _tail.Release(position);
    }
}
