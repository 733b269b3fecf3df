using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>
/// Drains the queue of posts. Beside the engine's runner for handlers it leases and completes many at a time and starts no task of
/// its own for each: a post for every text is the usual case.
/// </summary>
internal sealed class WebhookRunner : IAsyncDisposable
{
    private const int MaxLeases = 64;

    private readonly Stage _stage;
    private readonly WebhookSender _sender;
    private readonly HostHealth _health;
    private readonly JobBodies _bodies;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Lock _gate = new();
    private readonly Task _run;
    private CompletionBatch _filling = new();
    private CompletionBatch _writing = new();
    private bool _isWriting;
    private int _running;
    private TaskCompletionSource? _idle;

    public WebhookRunner(JobEngine engine, Stage stage, WebhookSender sender, HostHealth health)
    {
        _stage = stage;
        _sender = sender;
        _health = health;
        _bodies = new JobBodies(engine);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Takes nothing new and waits for what is under way until the token ends; the rest goes out after the next start.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _idle = idle;
            if (_running == 0)
            {
                return;
            }
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
    }

    private async Task RunAsync()
    {
        var leases = new Lease[MaxLeases];
        try
        {
            while (await _stage.LeaseAsync(leases, _stop.Token).ConfigureAwait(false) is > 0 and var count)
            {
                for (var i = 0; i < count; i++)
                {
                    lock (_gate)
                    {
                        _running++;
                    }

                    Start(leases[i]);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private void Start(Lease lease)
    {
        if (!_bodies.TryRead(lease.BodyPosition, out var accepted))
        {
            Complete(lease, Outcome.Permanent(EngineCodes.BodyDamaged), null);
        }
        else if (WebhookTarget.Parse(accepted.Headers) is { } target)
        {
            _ = PostAsync(lease, target, accepted.Data.ToArray());
        }
        else
        {
            Complete(lease, Outcome.Permanent(PostCodes.NoAddress), null);
        }
    }

    private async Task PostAsync(Lease lease, WebhookTarget target, byte[] body)
    {
        Outcome outcome;
        try
        {
            outcome = await _sender.PostAsync(target, body, _abort.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A lease that is never completed would hold its slot for good.
            outcome = Outcome.Retry(EngineCodes.HandlerFailed);
        }

        Complete(lease, outcome, _sender.UrlOf(target) is { } url ? WebhookSet.HostOf(url) : null);
    }

    private void Complete(Lease lease, Outcome outcome, string? host)
    {
        if (host is not null)
        {
            _health.Observe(host, outcome.Kind);
        }

        lock (_gate)
        {
            _filling.Add(lease.Id, lease.Token, outcome);
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static runner => runner.WriteOutcomes(), this, preferLocal: false);
    }

    /// <summary>Whatever has come in while one batch is written goes into the next.</summary>
    private void WriteOutcomes()
    {
        while (true)
        {
            CompletionBatch batch;
            lock (_gate)
            {
                if (_filling.Count == 0)
                {
                    _isWriting = false;
                    if (_running == 0)
                    {
                        _idle?.TrySetResult();
                    }

                    return;
                }

                batch = _filling;
                (_filling, _writing) = (_writing, _filling);
            }

            _stage.Complete(batch);
            lock (_gate)
            {
                _running -= batch.Count;
            }

            batch.Clear();
        }
    }
}
