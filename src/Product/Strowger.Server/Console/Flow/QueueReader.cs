using Strowger.Engine;

namespace Strowger.Server.ConsolePage;

/// <summary>Reads the queues once a second and remembers the last ten looks. Called by one thread.</summary>
internal sealed class QueueReader(JobEngine engine, TimeProvider time)
{
    private const int Looks = 10;

    private readonly Queue<Look> _looks = new();

    public IReadOnlyList<QueueFlow> Read()
    {
        var now = time.GetTimestamp();
        var queues = engine.GetQueues();
        var oldest = _looks.Count > 0 ? _looks.Peek() : null;
        _looks.Enqueue(new Look(now, queues.ToDictionary(q => q.Name, q => (q.EnqueuedTotal, Gone(q)))));
        if (_looks.Count > Looks)
        {
            _looks.Dequeue();
        }

        var seconds = oldest is null ? 0 : time.GetElapsedTime(oldest.Stamp, now).TotalSeconds;
        return [.. queues.OrderBy(q => q.Name, StringComparer.Ordinal).Select(q => Flow(q, oldest, seconds))];
    }

    private static QueueFlow Flow(QueueInfo q, Look? oldest, double seconds)
    {
        var before = oldest is not null && oldest.Totals.TryGetValue(q.Name, out var then) ? then : (In: q.EnqueuedTotal, Out: Gone(q));
        var div = Math.Max(seconds, 0.05);
        return new QueueFlow(
            q.Name,
            q.Paused,
            q.Bound,
            q.Live,
            q.ReadyJobs,
            q.Scheduled,
            q.Leased,
            q.Unsure,
            Math.Round(Math.Max(0, q.EnqueuedTotal - before.In) / div, 2),
            Math.Round(Math.Max(0, Gone(q) - before.Out) / div, 2),
            q.DoneTotal,
            q.DeadTotal);
    }

    /// <summary>All that came in and is no longer there, however it ended.</summary>
    private static long Gone(QueueInfo q) => q.EnqueuedTotal - q.Live;

    private sealed record Look(long Stamp, Dictionary<string, (long In, long Out)> Totals);
}
