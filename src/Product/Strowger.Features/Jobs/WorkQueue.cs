using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A queue whose jobs are done by programs elsewhere: who asks gets some, and has to say in time what became of them.</summary>
public sealed class WorkQueue : IDisposable
{
    private readonly TimeProvider _time;

    /// <summary>Of those that wait one watches; when it has something the next one does.</summary>
    private readonly SemaphoreSlim _watch = new(1, 1);
    private int _waiting;
    private long _lastAsked;

    internal WorkQueue(string name, QueueSettings settings, Stage stage, TimeProvider time)
    {
        Name = name;
        Settings = settings;
        Stage = stage;
        _time = time;
    }

    public string Name { get; }

    public QueueSettings Settings { get; private set; }

    public Stage Stage { get; }

    /// <summary>Calls that wait for a job now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How long ago somebody asked last; null when nobody has since the start.</summary>
    public TimeSpan? SinceAsked => Waiting > 0 ? TimeSpan.Zero : Volatile.Read(ref _lastAsked) is not 0 and var at ? _time.GetElapsedTime(at) : null;

    /// <summary>Hands out what may go, at once or as soon as there is something; 0 when nothing came in time.</summary>
    public async ValueTask<int> LeaseAsync(Memory<Lease> into, TimeSpan life, TimeSpan wait, CancellationToken cancel)
    {
        Volatile.Write(ref _lastAsked, _time.GetTimestamp());
        var count = Stage.TryLease(into.Span, life);
        if (count > 0 || wait <= TimeSpan.Zero)
        {
            return count;
        }

        using var patience = new CancellationTokenSource(wait, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        Interlocked.Increment(ref _waiting);
        try
        {
            await _watch.WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                return await Stage.LeaseAsync(into, both.Token, life).ConfigureAwait(false);
            }
            finally
            {
                _watch.Release();
            }
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            Volatile.Write(ref _lastAsked, _time.GetTimestamp());
        }
    }

    /// <summary>When nobody waits any more.</summary>
    public void Dispose()
    {
        _watch.Dispose();
        Stage.Dispose();
    }

    internal void Change(QueueSettings settings)
    {
        Stage.Change(settings.ToStage(Name));
        Settings = settings;
    }
}
