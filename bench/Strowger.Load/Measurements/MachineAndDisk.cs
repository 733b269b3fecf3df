using System.Diagnostics;
using Strowger.Engine.Journaling;
using Strowger.Load.Machine;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>What the other figures stand on: the machine, and what its disk takes to make 4 KiB durable.</summary>
internal static class MachineAndDisk
{
    private const int BlockBytes = 4096;
    private const int FileBytes = 16 << 20;

    public static Task RunAsync(LoadRun run, CancellationToken ct)
    {
        run.Note("machine", MachineFacts.Describe(run.Options.Directory), ("cores", Environment.ProcessorCount), ("load", MachineFacts.LoadAverage()));
        var times = Probe(run.NewDirectory("fsync"), run.Options.Scale(2000), ct);
        run.Note(
            "fsync: 4 KiB written and fdatasync",
            $"p50 {Words.Milliseconds(times.At(0.5))}, p99 {Words.Milliseconds(times.At(0.99))}",
            ("fsync_p50_ms", times.At(0.5)), ("fsync_p99_ms", times.At(0.99)));
        return Task.CompletedTask;
    }

    /// <summary>As the journal does it: into space allocated before.</summary>
    private static Quantiles Probe(string directory, int count, CancellationToken ct)
    {
        var storage = new JournalStorage();
        var file = Path.Combine(directory, "probe");
        using var handle = storage.Create(file);
        storage.Allocate(handle, FileBytes);
        storage.Sync(handle);
        var block = new byte[BlockBytes];
        new Random(1).NextBytes(block);
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            storage.Write(handle, block, (long)i * BlockBytes % FileBytes);
            storage.Sync(handle);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return new Quantiles(times);
    }
}
