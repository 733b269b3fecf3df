using Strowger.Engine;

namespace Strowger.Features.Messaging.Sending;

/// <summary>A line of a batch that was not accepted.</summary>
public sealed record RejectedLine(long Line, string Code, string Detail);

/// <summary>
/// Many messages in order: lines are parsed into a chunk while the chunk before it is on its way to disk. Where the queue is full
/// it stops and says at which line. One batch at a time.
/// </summary>
public sealed class BatchSender
{
    /// <summary>Rejected lines told one by one; all are counted.</summary>
    public const int MaxRejectedTold = 1000;

    /// <summary>Messages made durable together: large enough that an fsync does not matter, small enough for the memory.</summary>
    private const int ChunkMessages = 4000;
    private const int ChunkBytes = 2 << 20;

    /// <summary>A chunk of wrong lines only is as long as one of right ones: 64 KB of line numbers.</summary>
    private const int MaxDoubtful = 2 * ChunkMessages;

    private readonly JobEngine _engine;
    private readonly MessageIntake _intake;
    private readonly IdempotencyKey _key;
    private readonly List<(long Number, string Queue)> _lines = [];
    private readonly List<(long Number, string Queue)> _linesOnTheWay = [];

    /// <summary>Rejected lines that may lie behind a line at which the batch stops: they are given back then, to be sent again.</summary>
    private readonly List<long> _doubtful = [];
    private JobBatch _open = new();
    private JobBatch _onTheWay = new();
    private Task<BatchResult>? _pending;

    internal BatchSender(JobEngine engine, MessageIntake intake, IdempotencyKey key)
    {
        _engine = engine;
        _intake = intake;
        _key = key;
    }

    public long Accepted { get; private set; }

    public long RejectedCount { get; private set; }

    public List<RejectedLine> Rejected { get; } = [];

    /// <summary>The line at which the queue was full or the disk was; 0 when all lines were taken in.</summary>
    public long StoppedAt { get; private set; }

    public EnqueueStatus Stopped { get; private set; }

    /// <summary>The queue that was full.</summary>
    public string? StoppedQueue { get; private set; }

    /// <summary>True when <see cref="FlushAsync"/> is due before the next line.</summary>
    public bool IsChunkFull => _open.Count >= ChunkMessages || _open.Length >= ChunkBytes || _doubtful.Count >= MaxDoubtful;

    /// <summary>Takes one line into the open chunk, or counts it as rejected.</summary>
    public void Add(in BatchLine line)
    {
        var error = line.Problem != BatchProblem.None ? RequestError.Of(line) : null;
        if (error is not null || !MessageRequestParser.TryParse(line.Json, _intake.Request, out error))
        {
            RejectForNow(line.Number, error!);
            return;
        }

        error = _intake.Prepare(out var message);
        if (error is not null)
        {
            RejectForNow(line.Number, error);
            return;
        }

        var key = _key.IsNone ? default : _key.For(line.Number);
        _open.Add(_intake.ToJob(message, key, _key.IsNone ? 0 : IdempotencyKey.ContentOf(line.Json)));
        _lines.Add((line.Number, message.Route.Queue));
    }

    /// <summary>Sends the open chunk on its way, after the one before is durable. False when the batch has to stop.</summary>
    public async ValueTask<bool> FlushAsync(CancellationToken cancel)
    {
        if (!await SettleAsync().ConfigureAwait(false))
        {
            return false;
        }

        if (_open.Count > 0)
        {
            (_open, _onTheWay) = (_onTheWay, _open);
            _linesOnTheWay.Clear();
            _linesOnTheWay.AddRange(_lines);
            _lines.Clear();
            _pending = _engine.EnqueueAsync(_onTheWay, cancel).AsTask();
            _open.Clear();
        }
        else
        {
            // Nothing is under way: what was rejected so far stays rejected.
            _doubtful.Clear();
        }

        return true;
    }

    /// <summary>Waits until all that was accepted is durable.</summary>
    public async ValueTask FinishAsync(CancellationToken cancel)
    {
        if (await FlushAsync(cancel).ConfigureAwait(false))
        {
            await SettleAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> SettleAsync()
    {
        if (_pending is null)
        {
            return Stopped == EnqueueStatus.Accepted;
        }

        var result = await _pending.ConfigureAwait(false);
        _pending = null;
        for (var i = 0; i < result.Results.Count; i++)
        {
            if (result.Results[i].IsAccepted)
            {
                Accepted++;
            }
            else
            {
                Reject(_linesOnTheWay[i].Number, KeyError(result.Results[i].Status));
            }
        }

        if (result.Stopped != EnqueueStatus.Accepted)
        {
            Stopped = result.Stopped;
            (StoppedAt, StoppedQueue) = _linesOnTheWay[result.Results.Count];
            RejectedCount -= _doubtful.Count(line => line > StoppedAt);
            Rejected.RemoveAll(rejected => rejected.Line > StoppedAt);
            return false;
        }

        var last = _linesOnTheWay[^1].Number;
        _doubtful.RemoveAll(line => line < last);
        return true;
    }

    internal static RequestError KeyError(EnqueueStatus status) => status == EnqueueStatus.InProgress
        ? new RequestError(409, "in_progress", null, "The first request with this Idempotency-Key is still in progress. Try again in a moment.")
        : new RequestError(422, "idempotency_key_reused", null, "This Idempotency-Key was used with another body. Use a new key for a new request.");

    private void RejectForNow(long line, RequestError error)
    {
        _doubtful.Add(line);
        Reject(line, error);
    }

    private void Reject(long line, RequestError error)
    {
        RejectedCount++;
        if (Rejected.Count < MaxRejectedTold)
        {
            Rejected.Add(new RejectedLine(line, error.Code, error.Detail));
        }
    }
}
