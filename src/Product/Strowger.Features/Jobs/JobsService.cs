using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Strowger.Engine;
using Strowger.Engine.Journaling;

namespace Strowger.Features.Jobs;

/// <summary>Jobs in, out, done and looked at: what doors (HTTP, other protocols) call.</summary>
public sealed class JobsService(JobEngine engine, WorkQueues queues)
{
    /// <summary>Buffers for bodies kept for the next caller.</summary>
    private const int MaxSpareBuffers = 64;

    private readonly ConcurrentBag<byte[]> _spare = [];
    private readonly JobReader _reader = new(engine, queues);

    public WorkQueues Queues => queues;

    public long NowMs => engine.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Accepts one job; durable when it returns.</summary>
    /// <param name="queue">Where to.</param>
    /// <param name="request">The job.</param>
    /// <param name="key">Of the request; the job's own unique key when that has one.</param>
    /// <param name="content">Hash of the request, to tell a repeat from a misuse.</param>
    public ValueTask<EnqueueResult> EnqueueAsync(WorkQueue queue, JobRequest request, UInt128 key, ulong content) =>
        engine.EnqueueAsync(ToJob(queue, request, key, content));

    /// <summary>Accepts jobs in order up to where the queue is full; durable when it returns.</summary>
    public ValueTask<BatchResult> EnqueueAsync(JobBatch batch) => engine.EnqueueAsync(batch);

    /// <summary>A job for the engine; its spans are of the request.</summary>
    public NewJob ToJob(WorkQueue queue, JobRequest request, UInt128 key, ulong content)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(request);
        return new NewJob
        {
            Flow = engine.Flow(queue.Name, request.Lane, request.Flow),
            Body = request.Body.Span,
            Headers = JobEnvelope.Write(request.IsOctets, queue.Name, request.Flow, request.Headers.Span),
            DueMs = request.DueMs,
            ExpiresMs = request.ExpiresMs,
            MaxAttempts = request.MaxAttempts,
            UniqueKey = request.UniqueKey is null ? key : KeyOf(queue.Name, request.UniqueKey),
            UniqueContent = request.UniqueKey is null ? content : 0,
        };
    }

    /// <summary>Hands out at most <paramref name="most"/> jobs of a queue, now or within <paramref name="wait"/>.</summary>
    public async ValueTask<IReadOnlyList<LeasedJob>> LeaseAsync(WorkQueue queue, int most, TimeSpan life, TimeSpan wait, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var leases = new Lease[most];
        var count = await queue.LeaseAsync(leases, life, wait, cancel).ConfigureAwait(false);
        if (count > 0 && cancel.IsCancellationRequested)
        {
            // Nobody is there to do them: no attempt.
            Complete(queue, leases.AsSpan(0, count), Outcome.Unreachable());
            return [];
        }

        return Read(queue, leases.AsSpan(0, count));
    }

    /// <summary>What became of jobs in hand; on disk when it returns. The same said again by the same lease counts as before.</summary>
    /// <returns>For each: null when it counts.</returns>
    public async ValueTask<IReadOnlyList<JobProblem?>> CompleteAsync(IReadOnlyList<JobReport> reports, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var batch = new CompletionBatch();
        var problems = new JobProblem?[reports.Count];
        for (var i = 0; i < problems.Length; i++)
        {
            problems[i] = Complete(reports[i], batch);
        }

        // Also for what was said before: its record may still be on its way.
        await engine.WaitDurableAsync(engine.Journal.End, cancel).ConfigureAwait(false);
        return problems;
    }

    /// <summary>Whoever holds a job is still at it.</summary>
    /// <returns>Null when it counts.</returns>
    public JobProblem? Touch(JobId id, string lease, TimeSpan life, ReadOnlySpan<byte> progress, out long untilMs)
    {
        untilMs = 0;
        if (InHand(id, out var queue) is { } problem)
        {
            return problem;
        }

        try
        {
            return queue!.Stage.TryExtend(id, LeaseToken.Parse(lease), life, progress, out untilMs) ? null : Lost(id);
        }
        catch (JournalFullException)
        {
            return Full();
        }
    }

    /// <summary>Takes back a job that waits. Null when there is none of that id; else as it is then.</summary>
    public async ValueTask<JobView?> CancelAsync(JobId id, CancellationToken cancel)
    {
        if (QueueName.IsOurs(engine.Find(id).Queue))
        {
            await engine.CancelAsync(id, JobCodes.CancelledByUser, cancel).ConfigureAwait(false);
        }

        return Find(id);
    }

    /// <summary>Puts a job that was given up back, as a new one; durable when it returns. Asked again it names the same one.</summary>
    public ValueTask<RequeueResult> RequeueAsync(JobId id, CancellationToken cancel) => new JobRequeue(engine, this).RunAsync(id, cancel);

    /// <summary>Null when there is none, or its history is past its retention.</summary>
    public JobView? Find(JobId id) => _reader.Read(id);

    /// <summary>A job's state in the API's word.</summary>
    public string StateOf(JobId id) => JobReader.WordOf(engine.Find(id), NowMs);

    private JobProblem? Complete(in JobReport report, CompletionBatch batch)
    {
        if (InHand(report.Id, out var queue) is { } problem)
        {
            return WasSaid(report) ? null : problem;
        }

        if (engine.Journal.Space == JournalSpace.Stopped)
        {
            return Full();
        }

        batch.Clear();
        batch.Add(report.Id, LeaseToken.Parse(report.Lease), report.Outcome, report.Data.Span);
        return queue!.Stage.Complete(batch) == 0 || WasSaid(report) ? null : Lost(report.Id);
    }

    /// <summary>Whether this very lease ended so: its holder did not hear the answer, and says it again.</summary>
    private bool WasSaid(in JobReport report)
    {
        var story = new JobStory();
        return LeaseToken.Parse(report.Lease) is > 0 and var token
            && JobHistory.Read(engine, report.Id, story.Take) && story.IsKnown && story.Leases == token && story.Ended(report.Outcome.Kind);
    }

    private JobProblem? InHand(JobId id, out WorkQueue? queue)
    {
        var info = engine.Find(id);
        queue = info.State == JobState.Leased && QueueName.OfStage(info.Stage) is { } name ? queues.Find(name) : null;
        return queue is not null ? null
            : Find(id) is null ? new JobProblem("not_found", null, "There is no such job, or its history is past its retention. An id looks like job_0000000000001.")
            : Lost(id);
    }

    private JobProblem Lost(JobId id) => new("lease_lost", null, Find(id)?.State switch
    {
        "leased" => "This is not the newest lease of the job: an earlier one ended, and the job was handed out again.",
        "ready" or "scheduled" => "The lease has ended, and the job waits to be handed out again.",
        var state => $"The job is {state}: its lease is over.",
    });

    private static JobProblem Full() => new("storage_full", null, "The disk is full: nothing can be recorded. Say it again when there is room.") { RetryAfter = TimeSpan.FromSeconds(5) };

    private List<LeasedJob> Read(WorkQueue queue, ReadOnlySpan<Lease> leases)
    {
        var jobs = new List<LeasedJob>(leases.Length);
        var buffer = _spare.TryTake(out var spare) ? spare : new byte[16 * 1024];
        foreach (ref readonly var lease in leases)
        {
            if (JobHistory.TryReadAcceptance(engine, lease.BodyPosition, ref buffer, out var accepted) && JobEnvelope.TryRead(accepted.Headers, out var envelope))
            {
                jobs.Add(LeasedJob.Of(lease, accepted, envelope, queue.Stage.Options.MaxAttempts));
            }
            else
            {
                Complete(queue, [lease], Outcome.Permanent(EngineCodes.BodyDamaged));
            }
        }

        if (_spare.Count < MaxSpareBuffers)
        {
            _spare.Add(buffer);
        }

        return jobs;
    }

    private static void Complete(WorkQueue queue, ReadOnlySpan<Lease> leases, Outcome outcome)
    {
        var batch = new CompletionBatch();
        for (var i = leases.Length - 1; i >= 0; i--)
        {
            batch.Add(leases[i].Id, leases[i].Token, outcome);
        }

        queue.Stage.Complete(batch);
    }

    /// <summary>Never that of an Idempotency-Key, which is hashed with its caller.</summary>
    private static UInt128 KeyOf(string queue, string key)
    {
        var value = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"unique\n{queue}\n{key}")));
        return value == default ? UInt128.One : value;
    }
}
