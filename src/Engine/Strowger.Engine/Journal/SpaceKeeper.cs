using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>
/// Keeps the next segment allocated ahead: it is the reserve. Decides from that what the journal still takes, and tries again
/// every <see cref="JournalOptions.RetryInterval"/> when the disk gives none.
/// <code>
/// Normal --allocation fails--> OutcomesOnly --current segment full--> Stopped
///    any --writing or syncing fails, no other segment either--> Stopped
///    any --allocation and writing succeed--> Normal
/// </code>
/// </summary>
internal sealed class SpaceKeeper : IDisposable
{
    private readonly JournalOptions _options;
    private readonly JournalStorage _storage;
    private readonly Action<JournalIncident> _report;
    private readonly ITimer _retry;
    private readonly string _sparePath;
    private readonly Lock _making = new();
    private readonly Lock _gate = new();
    private SafeFileHandle? _spare;
    private bool _noSpare;
    private bool _full;
    private bool _failing;
    private bool _disposed;
    private int _preparing;
    private long _segmentLimit;
    private long _appendLimit = long.MaxValue;
    private volatile JournalSpace _space;

    public SpaceKeeper(JournalOptions options, TimeProvider time, JournalStorage storage, Action<JournalIncident> report)
    {
        _options = options;
        _storage = storage;
        _report = report;
        _sparePath = Path.Combine(options.Directory, "spare.tmp");
        NextPath = Path.Combine(options.Directory, "next.tmp");
        _retry = time.CreateTimer(static state => ((SpaceKeeper)state!).Retry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called when writing may work again.</summary>
    public Action? OnReturn { get; set; }

    public JournalSpace Space => _space;

    /// <summary>Appends must end at or before this position.</summary>
    public long AppendLimit => Volatile.Read(ref _appendLimit);

    /// <summary>Where <see cref="TakeSpare"/> leaves the file, to be renamed when it is complete.</summary>
    public string NextPath { get; }

    /// <summary>An allocated file of zeros, made now if none is ready; an <see cref="IOException"/> when the disk has no room for one.</summary>
    public SafeFileHandle TakeSpare()
    {
        try
        {
            lock (_making)
            {
                _spare ??= Make();

                // Another name first, so that the next spare cannot be made over a file in use.
                _storage.Rename(_sparePath, NextPath);
                SafeFileHandle taken = _spare;
                _spare = null;
                return taken;
            }
        }
        catch (IOException e)
        {
            SpareFailed(e, full: true);
            throw;
        }
    }

    /// <summary>A segment that takes positions below <paramref name="limit"/> is now being written.</summary>
    public void SegmentStarted(long limit)
    {
        lock (_gate)
        {
            _segmentLimit = limit;
            _full = false;
            Update(limit);
        }

        if (Interlocked.Exchange(ref _preparing, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static keeper => keeper.Prepare(), this, preferLocal: false);
        }
    }

    /// <summary>An append found no room.</summary>
    public void AppendRefused(long end)
    {
        lock (_gate)
        {
            if (_noSpare)
            {
                _full = true;
                Update(end);
            }
        }
    }

    /// <summary>Writing failed and could not be made good in another segment.</summary>
    public void WritingFailed(long end)
    {
        lock (_gate)
        {
            _failing = true;
            Update(end);
            Arm();
        }
    }

    /// <summary>Everything handed over has been written and synced.</summary>
    public void WritingWorks(long end)
    {
        if (Volatile.Read(ref _failing))
        {
            lock (_gate)
            {
                _failing = false;
                Update(end);
            }
        }
    }

    public void Dispose()
    {
        _retry.Dispose();
        lock (_making)
        {
            _disposed = true;
            _spare?.Dispose();
            _spare = null;
        }
    }

    /// <summary>Makes the spare if there is none. Runs on the pool, and where a test wants it.</summary>
    internal void Prepare()
    {
        Volatile.Write(ref _preparing, 0);
        try
        {
            lock (_making)
            {
                if (_disposed)
                {
                    return;
                }

                _spare ??= Make();
            }
        }
        catch (IOException e)
        {
            SpareFailed(e, full: false);
            return;
        }

        bool returned;
        lock (_gate)
        {
            returned = _noSpare || _failing;
            _noSpare = false;
            _full = false;
            Update(_segmentLimit);
        }

        if (returned)
        {
            OnReturn?.Invoke();
        }
    }

    private SafeFileHandle Make()
    {
        SafeFileHandle file = _storage.Create(_sparePath);
        try
        {
            _storage.Allocate(file, _options.SegmentBytes);
            _storage.Sync(file);
            return file;
        }
        catch (IOException)
        {
            // Give back what was got of it: the outcomes' reserve may be on this very disk.
            file.Dispose();
            DeleteQuietly();
            throw;
        }
    }

    private void DeleteQuietly()
    {
        try
        {
            _storage.Delete(_sparePath);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }

    private void SpareFailed(IOException error, bool full)
    {
        lock (_gate)
        {
            if (!_noSpare)
            {
                _report(new JournalIncident(JournalIncidentKind.SpareFailed, _segmentLimit, _options.SegmentBytes,
                    $"No room for the next segment of {_options.SegmentBytes} bytes in {_options.Directory}: {error.Message}", error));
            }

            _noSpare = true;
            _full |= full;
            Update(_segmentLimit);
            Arm();
        }
    }

    private void Arm() => _retry.Change(_options.RetryInterval, Timeout.InfiniteTimeSpan);

    private void Retry()
    {
        bool failing;
        lock (_gate)
        {
            failing = _failing;
            if (failing || _noSpare)
            {
                Arm();
            }
        }

        Prepare();
        if (failing)
        {
            OnReturn?.Invoke();
        }
    }

    private void Update(long position)
    {
        JournalSpace space = _failing || _full ? JournalSpace.Stopped : _noSpare ? JournalSpace.OutcomesOnly : JournalSpace.Normal;
        Volatile.Write(ref _appendLimit, space switch
        {
            JournalSpace.Normal => long.MaxValue,
            JournalSpace.OutcomesOnly => _segmentLimit,
            _ => 0,
        });
        if (space != _space)
        {
            JournalSpace before = _space;
            _space = space;
            _report(new JournalIncident(JournalIncidentKind.SpaceChanged, position, 0, $"Space went from {before} to {space}."));
        }
    }
}
