using System.Diagnostics;
using Strowger.Engine;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>The engine without anything around it: jobs that do nothing, durable, enqueue → lease → ack in this process.</summary>
internal static class EngineAlone
{
    private const int BatchJobs = 1000;
    private const int BodyBytes = 100;
    private const int Width = 4096;
    private const double Target = 200_000;

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        // The first run pays for compilation: it is not told.
        await PassThroughAsync(run.NewDirectory("engine"), 100_000, ct).ConfigureAwait(false);
        var jobs = run.Options.Scale(1_000_000);
        var seconds = await PassThroughAsync(run.NewDirectory("engine"), jobs, ct).ConfigureAwait(false);
        run.AtLeast($"{Words.Count(jobs)} no-op jobs, durable, enqueue → lease → ack", jobs / seconds, Target, Words.PerSecond, ("jobs_per_second", jobs / seconds));

        var bytes = await QueuedBytesAsync(run.NewDirectory("engine"), jobs, ct).ConfigureAwait(false);
        run.Note($"memory of a queued job ({BodyBytes} octets of body on disk)", Words.Text($"{bytes:0} B"), ("bytes_per_queued_job", bytes));
    }

    private static async Task<double> PassThroughAsync(string directory, int jobs, CancellationToken ct)
    {
        await using var engine = Open(directory);
        using var stage = engine.AddStage(new StageOptions { Name = "bench", Width = Width }, "bench");
        var start = Stopwatch.GetTimestamp();
        var enqueue = Task.Run(() => EnqueueAsync(engine, jobs, ct), ct);
        await DrainAsync(stage, jobs, ct).ConfigureAwait(false);
        await enqueue.ConfigureAwait(false);
        await engine.WaitDurableAsync(engine.Journal.End, ct).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> QueuedBytesAsync(string directory, int jobs, CancellationToken ct)
    {
        await using var engine = Open(directory);
        await EnqueueAsync(engine, BatchJobs, ct).ConfigureAwait(false);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await EnqueueAsync(engine, jobs, ct).ConfigureAwait(false);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)jobs;
    }

    private static JobEngine Open(string directory) =>
        JobEngine.Open(new EngineOptions { Directory = directory }, TimeProvider.System, new Random(1));

    private static async Task EnqueueAsync(JobEngine engine, int jobs, CancellationToken ct)
    {
        var flow = engine.Flow("bench", Lane.Normal, "");
        var body = new byte[BodyBytes];
        JobBatch[] batches = [new(), new(), new(), new()];
        var waits = new Task<BatchResult>[batches.Length];
        for (var sent = 0; sent < jobs; sent += BatchJobs)
        {
            // Several on the way, as several callers would have: the disk makes them durable together.
            var turn = sent / BatchJobs % batches.Length;
            if (sent >= BatchJobs * batches.Length)
            {
                Check(await waits[turn].ConfigureAwait(false));
            }

            var batch = batches[turn];
            batch.Clear();
            for (var i = 0; i < Math.Min(BatchJobs, jobs - sent); i++)
            {
                batch.Add(new NewJob { Flow = flow, Body = body });
            }

            waits[turn] = engine.EnqueueAsync(batch, ct).AsTask();
        }

        for (var i = 0; i < Math.Min(batches.Length, (jobs + BatchJobs - 1) / BatchJobs); i++)
        {
            Check(await waits[i].ConfigureAwait(false));
        }
    }

    private static void Check(BatchResult result)
    {
        if (result.Stopped != EnqueueStatus.Accepted)
        {
            throw new InvalidOperationException($"The engine refused jobs: {result.Stopped}.");
        }
    }

    private static async Task DrainAsync(Stage stage, int jobs, CancellationToken ct)
    {
        var leases = new Lease[1024];
        var done = new CompletionBatch();
        for (var total = 0; total < jobs;)
        {
            var count = await stage.LeaseAsync(leases, ct).ConfigureAwait(false);
            done.Clear();
            for (var i = 0; i < count; i++)
            {
                done.Add(leases[i].Id, leases[i].Token, Outcome.Done());
            }

            stage.Complete(done);
            total += count;
        }
    }
}
