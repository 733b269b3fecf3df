using Strowger.Engine;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// Has a job made of each text received that somebody wants to be told of: whole texts once their parts have come, parts that stay
/// alone after ten minutes. Its cursor stays before the oldest part that waits; what it reads again it finds done by the jobs'
/// unique keys. To be started after the channels are there.
/// </summary>
public sealed class InboundPolicy(JobEngine engine, InboundOutlet outlet, string cursorPath) : Projection
{
    /// <summary>The cursor is written when something was posted, else only this often: so much is read again after a kill.</summary>
    private const long WriteCursorEvery = 16L << 20;

    /// <summary>Texts of one batch: each may be told to every webhook and to its channel's address.</summary>
    private const int AtOnce = JobBatch.MaxJobs / (Strowger.Records.RecordsLimits.MaxWebhooks + 1);

    private readonly CursorFile _file = new(cursorPath);
    private readonly InboundAssembler _assembler = new();
    private readonly List<InboundItem> _finished = [];
    private readonly JobBatch _batch = new();
    private readonly Lock _gate = new();
    private long _skipBeforeMs;
    private long _written;
    private long _lastMs;
    private bool _isMoving;

    public override string Name => "inbound-policy";

    public override long LoadCursor()
    {
        lock (_gate)
        {
            _assembler.Clear();
            _finished.Clear();
            // One past the end is of a journal that is gone.
            var kept = _file.Read() is { } cursor && cursor <= engine.Journal.End ? cursor : (long?)null;

            // Without a cursor, what is older than the unique keys could be posted a second time.
            _skipBeforeMs = kept is null ? (engine.Time.GetUtcNow() - InboundLimits.PostLife).ToUnixTimeMilliseconds() : 0;
            return _written = kept ?? 0;
        }
    }

    public override void Apply(in EngineEvent item)
    {
        Volatile.Write(ref _lastMs, item.TimeMs);
        Volatile.Write(ref _isMoving, true);
        if (!InboundItem.TryRead(item, out var found) || item.TimeMs < _skipBeforeMs || !outlet.Wants(found!.Text.Channel))
        {
            return;
        }

        lock (_gate)
        {
            _assembler.Add(found, _finished);
        }
    }

    public override void Commit(long cursor)
    {
        lock (_gate)
        {
            _assembler.Expire(Volatile.Read(ref _lastMs), _finished);
            var posted = _finished.Count > 0;
            Enqueue();
            var safe = Math.Min(cursor, _assembler.OldestRecord);
            if (safe > _written && (posted || safe - _written > WriteCursorEvery || _written == 0))
            {
                _file.Write(safe);
                _written = safe;
            }
        }
    }

    /// <summary>Gives up waiting for parts while nothing happens that would do it. To be called now and then.</summary>
    public void Tick()
    {
        // While events come, the log's own time decides: the missing part may be among those not yet read.
        if (Volatile.Read(ref _isMoving))
        {
            Volatile.Write(ref _isMoving, false);
            return;
        }

        lock (_gate)
        {
            _assembler.Expire(engine.Time.GetUtcNow().ToUnixTimeMilliseconds(), _finished);
            Enqueue();
        }
    }

    /// <summary>Durable when it returns. Runs on the projection's own thread or a timer's, so it may wait.</summary>
    private void Enqueue()
    {
        for (var at = 0; at < _finished.Count; at += AtOnce)
        {
            _batch.Clear();
            foreach (var item in _finished.Skip(at).Take(AtOnce))
            {
                outlet.Add(_batch, InboundPost.Of(item), item.Position);
            }

            var result = engine.EnqueueAsync(_batch).AsTask().GetAwaiter().GetResult();
            if (result.Stopped != EnqueueStatus.Accepted)
            {
                throw new InvalidOperationException($"Texts received cannot be queued for posting now ({result.Stopped}); it is tried again.");
            }
        }

        _finished.Clear();
    }
}
