using Strowger.Engine;
using Strowger.Features.Messaging.Channels;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// Makes a job of each text received on a channel with an InboundUrl: whole texts once their parts have come, parts that stay
/// alone after ten minutes. Its cursor stays before the oldest part that waits; what it reads again it finds done by the jobs'
/// unique keys. To be started after the channels are there.
/// </summary>
public sealed class InboundPolicy(JobEngine engine, ChannelSet channels, string cursorPath) : Projection
{
    public const string QueueName = "inbound";

    /// <summary>The cursor is written when something was posted, else only this often: so much is read again after a kill.</summary>
    private const long WriteCursorEvery = 16L << 20;

    /// <summary>Tells our keys from the hashes that callers' keys are.</summary>
    private const ulong KeySpace = 0x496E626F756E6450;

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
        if (!InboundItem.TryRead(item, out var found) || item.TimeMs < _skipBeforeMs || UrlOf(found!.Text.Channel) is null)
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
        for (var at = 0; at < _finished.Count; at += JobBatch.MaxJobs)
        {
            _batch.Clear();
            foreach (var item in _finished.Skip(at).Take(JobBatch.MaxJobs))
            {
                Add(item);
            }

            var result = engine.EnqueueAsync(_batch).AsTask().GetAwaiter().GetResult();
            if (result.Stopped != EnqueueStatus.Accepted)
            {
                throw new InvalidOperationException($"Texts received cannot be queued for posting now ({result.Stopped}); it is tried again.");
            }
        }

        _finished.Clear();
    }

    private void Add(InboundItem item)
    {
        if (UrlOf(item.Text.Channel) is not { } url)
        {
            return;
        }

        _batch.Add(new NewJob
        {
            Flow = engine.Flow(QueueName, Lane.Normal, HostOf(url)),
            Headers = new InboundTarget(InboundId.Of(item.Position), item.Text.Channel, url).ToBytes(),
            Body = InboundPost.Of(item).ToBytes(),
            ExpiresMs = (engine.Time.GetUtcNow() + InboundLimits.PostLife).ToUnixTimeMilliseconds(),
            UniqueKey = new UInt128(KeySpace, (ulong)item.Position.Value),
        });
    }

    private string? UrlOf(string channel) => channels.Find(channel)?.Settings.InboundUrl;

    /// <summary>Each host its own flow. A name of DNS has at most 253 octets, a flow's less: very long ones that begin alike share.</summary>
    private static string HostOf(string url)
    {
        var host = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.IdnHost : string.Empty;
        return host.Length > EngineLimits.MaxNameBytes ? host[..EngineLimits.MaxNameBytes] : host;
    }
}
