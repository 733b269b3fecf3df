using System.Runtime.CompilerServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Queues;

/// <summary>
/// The door: checks bound and unique key, numbers the job, writes it down. A job becomes ready only when the journal says
/// it is durable, so that nothing is handed out whose sender could still be told no.
/// </summary>
internal sealed class Intake(EngineCore core)
{
    /// <summary>Jobs taken under one hold of the gate, so that a large batch delays an urgent hand-out by well under a millisecond.</summary>
    private const int ChunkJobs = 256;

    private readonly EngineState _state = core.State;

    /// <summary>Accepted and not yet durable: up to which id, once the journal is durable to which position.</summary>
    private readonly Queue<(long End, long LastId)> _pending = new();
    private long _readyUpTo;
    private bool _stopping;

    [ThreadStatic]
    private static byte[]? _buffer;

    public void StartAfter(long lastId) => _readyUpTo = lastId;

    public void Stop()
    {
        lock (_state.Gate)
        {
            _stopping = true;
        }
    }

    /// <param name="job">Checked before the gate is taken.</param>
    /// <param name="end">Position to wait for, 0 when nothing was accepted.</param>
    public EnqueueResult Enqueue(in NewJob job, out long end)
    {
        JobChecks.Throw(job);
        var record = JobChecks.RecordOf(job);
        var size = record.Size;
        if (_buffer is null || _buffer.Length < size)
        {
            _buffer = new byte[Math.Max(4096, size)];
        }

        var bytes = _buffer.AsSpan(0, size);
        record.Write(bytes);
        lock (_state.Gate)
        {
            var result = Accept(job.Flow.Target, bytes, core.NowMs);
            end = 0;
            if (result.Status == EnqueueStatus.Accepted)
            {
                end = core.Journal.End;
                _pending.Enqueue((end, _state.NextId - 1));
            }

            return result;
        }
    }

    public BatchResult Enqueue(JobBatch batch, out long end)
    {
        var results = new EnqueueResult[batch.Count];
        var at = 0;
        var stopped = EnqueueStatus.Accepted;
        end = 0;
        while (at < batch.Count && stopped == EnqueueStatus.Accepted)
        {
            lock (_state.Gate)
            {
                var before = _state.NextId;
                at = AcceptChunk(batch, at, results, ref stopped);
                if (_state.NextId > before)
                {
                    end = core.Journal.End;
                    _pending.Enqueue((end, _state.NextId - 1));
                }
            }
        }

        return new BatchResult(new ArraySegment<EnqueueResult>(results, 0, at), stopped);
    }

    /// <summary>The journal is durable up to <paramref name="durable"/>: what was accepted before that is ready.</summary>
    public void OnDurable(long durable)
    {
        lock (_state.Gate)
        {
            var now = core.NowMs;
            while (_pending.TryPeek(out var next) && next.End <= durable)
            {
                _pending.Dequeue();
                MakeReady(next.LastId, now);
            }

            core.Flush();
        }
    }

    private int AcceptChunk(JobBatch batch, int at, EnqueueResult[] results, ref EnqueueStatus stopped)
    {
        var now = core.NowMs;
        var to = Math.Min(batch.Count, at + ChunkJobs);
        for (; at < to; at++)
        {
            ref readonly var item = ref batch.Items[at];
            var result = Accept(item.Flow, batch.BytesOf(item), now);
            if (result.Status is EnqueueStatus.QueueFull or EnqueueStatus.StorageFull or EnqueueStatus.Stopping)
            {
                stopped = result.Status;
                break;
            }

            results[at] = result;
        }

        return at;
    }

    private EnqueueResult Accept(Flow flow, Span<byte> bytes, long now)
    {
        if (_stopping)
        {
            return new EnqueueResult(EnqueueStatus.Stopping, default);
        }

        EnqueueRecord.TryRead(bytes, out var record);
        if (record.UniqueKey != default && _state.Keys.TryGet(record.UniqueKey, out var taken, out var content))
        {
            var status = content != record.UniqueContent ? EnqueueStatus.KeyReused
                : taken > _readyUpTo ? EnqueueStatus.InProgress : EnqueueStatus.Repeated;
            return new EnqueueResult(status, new JobId(taken));
        }

        if (core.Journal.Space != JournalSpace.Normal)
        {
            return new EnqueueResult(EnqueueStatus.StorageFull, default);
        }

        if (flow.IsRemoved)
        {
            flow = core.FlowOf(flow.Queue.Name, flow.Lane, flow.Name, flow.Key, flow.Excluded);
        }

        if (flow.Queue.Live + record.Parts > flow.Queue.Bound)
        {
            return new EnqueueResult(EnqueueStatus.QueueFull, default);
        }

        var id = _state.NextId;
        EnqueueRecord.Stamp(bytes, flow.Index, id);
        long position;
        try
        {
            position = core.Journal.Append(RecordTypes.Enqueue, bytes, now);
        }
        catch (JournalFullException)
        {
            return new EnqueueResult(EnqueueStatus.StorageFull, default);
        }

        _state.AddParts(record, id, position, flow);
        flow.LastUsedMs = core.MonotonicMs;
        if (record.UniqueKey != default)
        {
            _state.Keys.Add(record.UniqueKey, id, record.UniqueContent, now);
        }

        return new EnqueueResult(EnqueueStatus.Accepted, new JobId(id));
    }

    private void MakeReady(long lastId, long now)
    {
        JobQueue? woken = null;
        for (var id = _readyUpTo + 1; id <= lastId; id++)
        {
            ref var slot = ref _state.Jobs.Find(id);
            if (Unsafe.IsNullRef(ref slot) || slot.State != JobState.Accepted)
            {
                continue;
            }

            if (slot.ExpiresAt != 0)
            {
                _state.Timers.AddExpiry(id, slot.ExpiresAt);
            }

            _state.MakeReady(ref slot, id, now, atHead: false);
            var queue = _state.Flows[slot.Flow].Queue;
            if (!ReferenceEquals(woken, queue))
            {
                woken = queue;
                queue.WakeStages();
            }
        }

        _readyUpTo = lastId;
    }
}
