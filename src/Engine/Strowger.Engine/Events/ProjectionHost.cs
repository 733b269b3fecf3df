namespace Strowger.Engine;

/// <summary>
/// A read model's way through the log: applies events in batches and keeps its cursor with what it wrote, in one transaction,
/// so that applying again after a crash changes nothing.
/// </summary>
public abstract class Projection
{
    public abstract string Name { get; }

    /// <summary>How long it waits after a batch that reached the log's end, so that the next one is worth its transaction. Default 50 ms.</summary>
    public virtual TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    /// <summary>The cursor last committed; 0 builds everything anew.</summary>
    public abstract long LoadCursor();

    /// <summary>Takes one event into the open batch.</summary>
    public abstract void Apply(in EngineEvent item);

    /// <summary>Writes the batch and the cursor together.</summary>
    public abstract void Commit(long cursor);
}

/// <summary>Runs one projection on a thread of its own: it lags when it must, and says by how much; it holds up nobody.</summary>
public sealed class ProjectionHost : IAsyncDisposable
{
    /// <summary>A batch is written at least this often, so that lists are never older than this when they keep up.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    private const int BatchRecords = 20_000;

    private readonly JobEngine _engine;
    private readonly Projection _projection;
    private readonly Action<Exception> _onFailed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private long _cursor;

    public ProjectionHost(JobEngine engine, Projection projection, Action<Exception> onFailed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(projection);
        _engine = engine;
        _projection = projection;
        _onFailed = onFailed;
        _cursor = projection.LoadCursor();
        _run = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string Name => _projection.Name;

    /// <summary>All events before this are in the read model.</summary>
    public long Cursor => Volatile.Read(ref _cursor);

    /// <summary>Octets of log not in it yet.</summary>
    public long Behind => Math.Max(0, _engine.Journal.DurableEnd - Cursor);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Follow();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A read model never takes the engine down: it starts again from its last commit.
                _onFailed(e);
                _stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(5));
            }
        }
    }

    private void Follow()
    {
        var reader = EventReader.From(_engine, _projection.LoadCursor());
        EventHandling apply = _projection.Apply;
        while (!_stop.IsCancellationRequested)
        {
            var started = _engine.Time.GetTimestamp();
            var records = 0;
            var isBehind = true;
            while (records < BatchRecords && _engine.Time.GetElapsedTime(started) < BatchTime && (isBehind = reader.ReadRecord(apply)))
            {
                records++;
            }

            if (records > 0)
            {
                _projection.Commit(reader.Next);
                Volatile.Write(ref _cursor, reader.Next);
            }

            // Whatever comes meanwhile is one batch: some ten transactions a second instead of one for each few events.
            if (!isBehind)
            {
                _stop.Token.WaitHandle.WaitOne(_projection.Rest);
            }
        }
    }
}
