using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Checkpointing;

/// <summary>When to write a checkpoint, and what history may go once there is one.</summary>
internal sealed class Checkpoints(EngineCore core, EngineOptions options)
{
    /// <summary>A flow without jobs is given up after this long; its name costs one record when it comes back.</summary>
    private static readonly TimeSpan FlowIdle = TimeSpan.FromHours(1);

    private readonly string _directory = Path.Combine(options.Directory, "checkpoints");
    private readonly Lock _one = new();
    private long _replayFrom;
    private long _bytes;
    private int _pins;

    /// <summary>A start replays at most as much as was written since, so the work of checkpoints stays in proportion to the work done.</summary>
    public bool IsDue => core.Journal.Space == JournalSpace.Normal && core.Journal.End - _replayFrom > Math.Max(options.CheckpointEveryBytes, _bytes);

    public RecoveryReport Recover()
    {
        var started = core.Time.GetTimestamp();
        Directory.CreateDirectory(_directory);
        var recovery = new Recovery(core, _directory, options.OnIncident);
        var (from, records) = recovery.Run();
        _replayFrom = Math.Max(from, core.Journal.Begin);
        _bytes = from < 0 ? 0 : new FileInfo(CheckpointFile.PathOf(_directory, from)).Length;
        var unsure = recovery.Rebuild();
        return new RecoveryReport(core.State.Jobs.Count, unsure, records, core.Time.GetElapsedTime(started));
    }

    /// <param name="cancel">Gives up waiting for the disk.</param>
    public void Write(CancellationToken cancel)
    {
        lock (_one)
        {
            GiveUpIdleFlows();
            try
            {
                (_replayFrom, _bytes) = new CheckpointWriter(core, _directory).Write(cancel);
            }
            catch (OperationCanceledException)
            {
                // Told to stop: the journal has it all.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalException)
            {
                // A full disk: the journal has all that the checkpoint would have had. The next attempt is a segment later.
                _replayFrom = Math.Max(_replayFrom, core.Journal.End - Math.Max(options.CheckpointEveryBytes, _bytes) + options.SegmentBytes);
                options.OnIncident?.Invoke(new JournalIncident(JournalIncidentKind.WriteFailed, core.Journal.End, 0, "A checkpoint could not be written; the next start will replay more.", e));
            }
        }
    }

    /// <summary>Until it is disposed, no history is deleted. Waits for a checkpoint or a deletion under way.</summary>
    public IDisposable Pin()
    {
        lock (_one)
        {
            Interlocked.Increment(ref _pins);
            return new HistoryPin(() => Interlocked.Decrement(ref _pins));
        }
    }

    public void Trim(long keepFrom)
    {
        lock (_one)
        {
            if (Volatile.Read(ref _pins) > 0)
            {
                return;
            }

            var limit = TrimLimit(Math.Min(keepFrom, _replayFrom));
            if (limit > core.Journal.Begin)
            {
                try
                {
                    core.Journal.WaitDurableAsync(MoveLiveBodies(limit)).AsTask().GetAwaiter().GetResult();
                }
                catch (JournalFullException)
                {
                    // No room to move what is still needed: nothing is deleted.
                    return;
                }

                core.Journal.DeleteBefore(limit);
                lock (core.State.Gate)
                {
                    core.State.Done.DeleteBefore(core.Journal.Begin, core.State.NextId);
                }
            }
        }
    }

    /// <summary>End of the last segment that is too old, or with which there would be too much history.</summary>
    private long TrimLimit(long keepFrom)
    {
        var segments = core.Journal.Segments;
        var total = core.Journal.End - core.Journal.Begin;
        var oldest = core.NowMs - (long)options.HistoryAge.TotalMilliseconds;
        var limit = core.Journal.Begin;
        for (var i = 0; i + 1 < segments.Count; i++)
        {
            // A segment's youngest record is as old as the start of the next one.
            var end = segments[i + 1].Base;
            var isOld = segments[i + 1].CreatedMs < oldest;
            var isMuch = total - (end - core.Journal.Begin) > options.HistoryBytes;
            if (end > keepFrom || !(isOld || isMuch))
            {
                break;
            }

            limit = end;
        }

        return limit;
    }

    /// <summary>Copies bodies that live jobs still need to the end of the log, so that one old job holds no segment.</summary>
    private long MoveLiveBodies(long limit)
    {
        var buffer = new byte[64 * 1024];
        long[] pages;
        lock (core.State.Gate)
        {
            pages = core.State.Jobs.PageNumbers();
        }

        foreach (var number in pages)
        {
            lock (core.State.Gate)
            {
                if (core.State.Jobs.Page(number) is { } page)
                {
                    MoveBodies(page, limit, ref buffer);
                }
            }
        }

        return core.Journal.End;
    }

    private void MoveBodies(JobPage page, long limit, ref byte[] buffer)
    {
        foreach (ref var slot in page.Slots.AsSpan())
        {
            if (slot.State != JobState.None && slot.BodyPosition < limit
                && core.Journal.TryRead(slot.BodyPosition, ref buffer, out var record)
                && EnqueueRecord.TryRead(record.Payload, out var job))
            {
                core.Flush();
                var position = core.Journal.Append(RecordTypes.Moved, record.Payload, record.TimeMs);
                core.State.MoveBody(job.FirstId, job.Parts, position);
            }
        }
    }

    private void GiveUpIdleFlows()
    {
        lock (core.State.Gate)
        {
            var before = core.MonotonicMs - (long)FlowIdle.TotalMilliseconds;
            foreach (var flow in core.State.Flows.All.Where(f => f.Live == 0 && f.Head == 0 && !f.Asleep && f.LastUsedMs < before).ToArray())
            {
                flow.Queue.Lanes[(int)flow.Lane].Remove(flow);
                core.State.Flows.Remove(flow);
            }
        }
    }
}
