using Strowger.Engine.Events;
using Strowger.Engine.Stages;


namespace Strowger.Engine;

/// <summary>Runs a handler for each job of a stage: the way in for an application that has functions to call, not a wire to feed.</summary>
public sealed class StageRunner : IAsyncDisposable
{
    private const int MaxLeasesAtOnce = 256;

    private readonly JobEngine _engine;
    private readonly JobHandler _handler;
    private readonly Breaker _breaker;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _run;
    private int _running;
    private TaskCompletionSource? _idle;

    public StageRunner(JobEngine engine, Stage stage, JobHandler handler)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(stage);
        _engine = engine;
        Stage = stage;
        _handler = handler;
        _breaker = new Breaker(stage, engine.Time);
        _run = Task.Run(RunAsync);
    }

    public Stage Stage { get; }

    /// <summary>Takes nothing new, waits for what runs, at most until the token ends; the rest is cancelled and comes back.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _idle, idle);
        if (Volatile.Read(ref _running) == 0)
        {
            return;
        }

        await using var registration = deadline.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _abort);
        await idle.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync().ConfigureAwait(false);
            await StopAsync(now.Token).ConfigureAwait(false);
        }

        _stop.Dispose();
        _abort.Dispose();
        _breaker.Dispose();
    }

    private async Task RunAsync()
    {
        var leases = new Lease[MaxLeasesAtOnce];
        try
        {
            while (true)
            {
                var count = await Stage.LeaseAsync(leases, _stop.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    return;
                }

                for (var i = 0; i < count; i++)
                {
                    Interlocked.Increment(ref _running);
                    var lease = leases[i];
                    _ = Task.Run(() => RunOneAsync(lease));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task RunOneAsync(Lease lease)
    {
        var outcome = await OutcomeOfAsync(lease).ConfigureAwait(false);
        var batch = new CompletionBatch();
        batch.Add(lease.Id, lease.Token, outcome);
        Stage.Complete(batch);
        _breaker.Observe(outcome.Kind);
        if (Interlocked.Decrement(ref _running) == 0)
        {
            Volatile.Read(ref _idle)?.TrySetResult();
        }
    }

    private async ValueTask<Outcome> OutcomeOfAsync(Lease lease)
    {
        if (!TryReadJob(lease, out var job))
        {
            return Outcome.Permanent(EngineCodes.BodyDamaged);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token);
        using var timer = _engine.Time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), limit, Stage.Options.TimeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            return await _handler(job, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            return Outcome.Unsure(EngineCodes.TimedOut);
        }
        catch (OperationCanceledException)
        {
            return Outcome.Retry(EngineCodes.TimedOut);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Outcome.Retry(EngineCodes.HandlerFailed);
        }
    }

    private bool TryReadJob(Lease lease, out Job job)
    {
        var buffer = new byte[4096];
        if (_engine.Journal.TryRead(lease.BodyPosition, ref buffer, out var record)
            && EventDecoder.TryAcceptance(record, out var accepted, moved: true))
        {
            job = new Job(lease, accepted.TimeMs, accepted.Headers.ToArray(), accepted.Data.ToArray());
            return true;
        }

        job = null!;
        return false;
    }
}
