namespace Strowger.Engine.Journaling;

/// <summary>
/// The one thread that syncs. While a sync runs, what is appended gathers; the next sync takes all of it (group commit), so the
/// rate of durable appends does not depend on the disk's rate of syncs.
/// </summary>
internal sealed class Committer
{
    private readonly SegmentWriter _writer;
    private readonly SpaceKeeper _space;
    private readonly DurableWaiters _waiters;
    private readonly JournalOptions _options;
    private readonly Action<JournalIncident> _report;
    private readonly ITimer _syncTimer;
    private readonly object _wake = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private bool _signalled;
    private bool _idle;
    private int _syncRequested;
    private volatile bool _stopping;
    private volatile bool _abandoned;

    public Committer(SegmentWriter writer, SpaceKeeper space, DurableWaiters waiters, JournalOptions options, TimeProvider time, Action<JournalIncident> report)
    {
        _writer = writer;
        _space = space;
        _waiters = waiters;
        _options = options;
        _report = report;
        _syncTimer = time.CreateTimer(static state => ((Committer)state!).Signal(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal commit" };
    }

    /// <summary>Called on the committing thread after each sync, before its waiters are released.</summary>
    public Action<long>? Durable { get; set; }

    public void Start() => _thread.Start();

    /// <summary>A commit begins soon after this call.</summary>
    public void Signal()
    {
        // What the caller has appended must be visible before a signal still pending is relied on.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _signalled))
        {
            return;
        }

        lock (_wake)
        {
            _signalled = true;
            if (_idle)
            {
                Monitor.Pulse(_wake);
            }
        }
    }

    /// <summary>A commit begins within the sync interval.</summary>
    public void RequestSync()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _syncRequested) == 0 && Interlocked.Exchange(ref _syncRequested, 1) == 0)
        {
            _syncTimer.Change(_options.SyncInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the thread after a last commit; <paramref name="abandon"/> leaves that out, as a crash would.</summary>
    public Task StopAsync(bool abandon)
    {
        _syncTimer.Dispose();
        _abandoned = abandon;
        _stopping = true;
        Signal();
        return _ended.Task;
    }

    private void Run()
    {
        Exception? last = null;
        bool stopping;
        do
        {
            WaitForSignal();
            stopping = _stopping;
            if (_abandoned)
            {
                break;
            }

            Volatile.Write(ref _syncRequested, 0);
            last = Commit();
            Publish();
        }
        while (!stopping);

        _waiters.Close(new JournalException("The journal was closed before this was synced.", last));
        _ended.SetResult();
    }

    private void WaitForSignal()
    {
        lock (_wake)
        {
            while (!_signalled)
            {
                _idle = true;
                Monitor.Wait(_wake);
            }

            _idle = false;
            _signalled = false;
        }
    }

    private IOException? Commit()
    {
        try
        {
            _writer.Commit();
            _space.WritingWorks(_writer.Written);
            return null;
        }
        catch (IOException e)
        {
            // Reported where it happened; what is not synced stays in memory and its waiters wait.
            _space.WritingFailed(_writer.Synced);
            return e;
        }
    }

    private void Publish()
    {
        long synced = _writer.Synced;
        if (synced != _waiters.Durable)
        {
            _waiters.SetDurable(synced);
            try
            {
                Durable?.Invoke(synced);
            }
            catch (Exception e)
            {
                // A mistake in the caller's code must not end the thread that every caller depends on.
                _report(new JournalIncident(JournalIncidentKind.CallbackFailed, synced, 0, $"The Durable callback threw: {e.Message}", e));
            }
        }

        _waiters.Release();
    }
}
