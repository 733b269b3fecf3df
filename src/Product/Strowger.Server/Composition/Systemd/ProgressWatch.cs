using Strowger.Engine;

namespace Strowger.Server.Composition.Systemd;

/// <summary>
/// Whether the server makes progress, which is what feeds the watchdog: a process that merely lives, with its threads stuck,
/// must be started again. A disk that is full or fails is no reason: starting again would not mend it.
/// </summary>
internal sealed class ProgressWatch(JobEngine engine)
{
    /// <summary>So often within the watchdog's time, as systemd advises at least twice.</summary>
    private const int ChecksPerPeriod = 3;

    private long _waitedFor;

    /// <summary>Feeds the watchdog, where there is one, until the server stops.</summary>
    public static async Task RunAsync(JobEngine engine, ServiceManager manager, TimeProvider time, CancellationToken stopping)
    {
        if (manager.Watchdog is not { } limit)
        {
            return;
        }

        var watch = new ProgressWatch(engine);
        using var timer = new PeriodicTimer(limit / ChecksPerPeriod, time);
        try
        {
            do
            {
                if (watch.Advances())
                {
                    manager.IsAlive();
                }
            }
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>Called at intervals. False when what was to be on disk at the last call is not yet, though the disk takes it.</summary>
    /// <remarks>Asking the queues takes the engine's lock: when that is never given back, this does not return, which starves the watchdog as well.</remarks>
    public bool Advances()
    {
        _ = engine.GetQueues();
        var journal = engine.Journal;
        var isOnDisk = journal.DurableEnd >= _waitedFor || journal.Space != Engine.Journaling.JournalSpace.Normal;
        if (isOnDisk)
        {
            journal.RequestSync();
            _waitedFor = journal.End;
        }

        return isOnDisk;
    }
}
