using System.Collections.Concurrent;
using Strowger.Engine;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>
/// The one loop that turns rows into texts: ten times a second it tops up what each campaign has waiting, lets hours begin and end, settles
/// what was cancelled, and keeps how far cursors have come.
/// </summary>
internal sealed class CampaignRunner : IAsyncDisposable
{
    private readonly JobEngine _engine;
    private readonly CampaignStore _store;
    private readonly CampaignFiles _files;
    private readonly CampaignDoor _door;
    private readonly ConcurrentDictionary<long, CampaignRun> _runs;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _onFailed;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly List<(CampaignRun Run, PassRun Pass, Task<BatchResult> Enqueue)> _onTheWay = [];
    private readonly List<PassProgress> _moved = [];
    private readonly List<(long Campaign, RefusedRow Row)> _refused = [];
    private readonly Lock _again = new();
    private TaskCompletionSource? _readAgain;
    private Task _loop = Task.CompletedTask;
    private long _position;
    private long _keptAt;

    public CampaignRunner(
        JobEngine engine, CampaignStore store, CampaignFiles files, CampaignDoor door, ConcurrentDictionary<long, CampaignRun> runs, TimeProvider time, Action<Exception> onFailed)
    {
        _engine = engine;
        _store = store;
        _files = files;
        _door = door;
        _runs = runs;
        _time = time;
        _onFailed = onFailed;
        _position = store.Position();
    }

    public long Position => Volatile.Read(ref _position);

    public void Start() => _loop = Task.Run(RunAsync);

    public void Wake() => _wake.Release();

    /// <summary>What was read ahead of files is forgotten: they have changed. Over when no text can come of it any more.</summary>
    public Task ReadAgainAsync(CancellationToken cancel)
    {
        Task over;
        lock (_again)
        {
            over = (_readAgain ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        Wake();
        return over.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
        _wake.Dispose();
    }

    /// <summary>One turn of the loop.</summary>
    internal async Task<TurnEnd> TurnAsync(CancellationToken cancel)
    {
        // Left by a turn that failed: counted before anything is made anew.
        await TakeInAsync().ConfigureAwait(false);
        ForgetReadAhead();
        var now = _time.GetUtcNow();
        var more = false;
        var runs = _runs.Values.OrderBy(run => run.Id, StringComparer.Ordinal).ToArray();
        var shares = Allowance.SharesOf(runs, now);
        foreach (var run in runs)
        {
            run.Hold(now);
            foreach (var pass in run.State == CampaignState.Running ? run.Passes : [])
            {
                more |= await FillAsync(run, pass, shares, now, cancel).ConfigureAwait(false);
            }
        }

        var isFull = await TakeInAsync().ConfigureAwait(false);
        Keep();
        foreach (var run in runs)
        {
            await EndAsync(run, now, cancel).ConfigureAwait(false);
        }

        return isFull ? TurnEnd.Full : more ? TurnEnd.More : TurnEnd.Enough;
    }

    /// <summary>All texts made of it are in their queues by now.</summary>
    private void ForgetReadAhead()
    {
        TaskCompletionSource? asked;
        lock (_again)
        {
            (asked, _readAgain) = (_readAgain, null);
        }

        if (asked is null)
        {
            return;
        }

        foreach (var pass in _runs.Values.SelectMany(run => run.Passes))
        {
            pass.Close();
        }

        asked.SetResult();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var end = await TurnAsync(_stop.Token).ConfigureAwait(false);
                if (end != TurnEnd.More)
                {
                    await _wake.WaitAsync(end == TurnEnd.Full ? CampaignLimits.FullPause : CampaignLimits.Tick, _stop.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Files, the database, a full disk: others' campaigns depend on this loop.
                _onFailed(error);
                await PauseAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(CampaignLimits.FullPause, _time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async ValueTask<bool> FillAsync(CampaignRun run, PassRun pass, Allowance shares, DateTimeOffset now, CancellationToken cancel)
    {
        var progress = pass.Progress;
        if (progress.IsDone || !run.IsOpen(progress.TimeZone, now) || pass.RestsUntil > now)
        {
            return false;
        }

        var wanted = shares.Of(run, pass, _door);
        if (wanted <= 0)
        {
            return false;
        }

        try
        {
            await pass.FillAsync(_files.PathOf(run.Number), _door, wanted, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Its file: the others go on.
            pass.Close();
            pass.RestsUntil = now + CampaignLimits.FilePause;
            _onFailed(error);
            return false;
        }

        _onTheWay.Add((run, pass, _engine.EnqueueAsync(pass.Batch, CancellationToken.None).AsTask()));
        return pass.HasMore || (pass.Queue is not null && wanted == 1 && !pass.Progress.IsDone);
    }

    /// <summary>Waits until all that was made is durable. True when a queue or the disk was full.</summary>
    private async Task<bool> TakeInAsync()
    {
        var isFull = false;
        while (_onTheWay.Count > 0)
        {
            var (run, pass, enqueue) = _onTheWay[^1];
            var result = await enqueue.ConfigureAwait(false);
            isFull |= result.Stopped != EnqueueStatus.Accepted;
            if (pass.Advance(result))
            {
                _moved.Add(new PassProgress(run.Number, pass.Number, pass.Progress));
            }

            foreach (var row in pass.Refused)
            {
                _refused.Add((run.Number, row));
            }

            _onTheWay.RemoveAt(_onTheWay.Count - 1);
        }

        return isFull;
    }

    private void Keep()
    {
        if (_moved.Count == 0 && _refused.Count == 0 && _keptAt != 0 && _time.GetElapsedTime(_keptAt) < CampaignLimits.KeepPosition)
        {
            return;
        }

        // All that was made is durable and counted: what lies behind this place is not.
        var position = _engine.Journal.DurableEnd;
        _store.Save(_moved, _refused, position);
        Volatile.Write(ref _position, position);
        _keptAt = _time.GetTimestamp();
        _moved.Clear();
        _refused.Clear();
    }

    private async ValueTask EndAsync(CampaignRun run, DateTimeOffset now, CancellationToken cancel)
    {
        if (run.State == CampaignState.Cancelling)
        {
            foreach (var group in run.Groups)
            {
                await group.CancelReadyAsync(Messaging.MessagingCodes.CancelledByUser, cancel).ConfigureAwait(false);
            }
        }

        var isOver = run.State == CampaignState.Cancelling || (run.State == CampaignState.Running && run.Passes.All(pass => pass.Progress.IsDone));
        if (!isOver || run.Queued.Live > 0)
        {
            return;
        }

        var end = run.State == CampaignState.Cancelling ? CampaignState.Cancelled : CampaignState.Done;
        if (run.Turn(end, now, state => _store.SetState(run.Number, state, now)))
        {
            if (end == CampaignState.Done)
            {
                CampaignEvents.Append(_engine, CampaignEvents.Done, run.Record, null);
            }

            _runs.TryRemove(run.Number, out _);
            run.Forget();
        }
    }
}

/// <summary>How a turn ended.</summary>
internal enum TurnEnd
{
    /// <summary>Every campaign has what it may have waiting.</summary>
    Enough,

    /// <summary>There is more to do at once.</summary>
    More,

    /// <summary>A queue or the disk is full.</summary>
    Full,
}
