using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strowger.Engine;
using Strowger.Engine.Journaling;

namespace Strowger.Features.Jobs;

/// <summary>What became of putting a job back.</summary>
/// <param name="As">The job that it is now; none when it was refused.</param>
/// <param name="Status">Accepted, Repeated when it had been put back before, or why the queue takes nothing.</param>
/// <param name="Problem">Why it is none that can be put back.</param>
public readonly record struct RequeueResult(JobId As, EnqueueStatus Status, JobProblem? Problem);

/// <summary>
/// Puts jobs that were given up back into their queues: each as a new job with the same body, headers, flow and priority, whose attempts
/// begin anew. The old one stays given up and names the new one; asking twice makes no second.
/// </summary>
internal sealed class JobRequeue(JobEngine engine, JobsService jobs)
{
    public async ValueTask<RequeueResult> RunAsync(JobId id, CancellationToken cancel)
    {
        var story = new JobStory();
        if (jobs.Find(id)?.State is not { } state || !JobHistory.Read(engine, id, story.Take) || !story.IsKnown)
        {
            return Refused(new JobProblem("not_found", null, "There is no such job, or its history is past its retention. An id looks like job_0000000000001."));
        }

        if (!story.RequeuedAs.IsNone)
        {
            return new(story.RequeuedAs, EnqueueStatus.Repeated, null);
        }

        if (state != "dead")
        {
            return Refused(new JobProblem("not_possible_now", null, $"It is {state}. Only jobs that were given up are put back."));
        }

        if (jobs.Queues.Open(story.Queue, out var queue) is { } closed)
        {
            return Refused(closed);
        }

        var result = await jobs.EnqueueAsync(queue, RequestOf(story), KeyOf(id), 0).ConfigureAwait(false);
        if (result.Status is EnqueueStatus.Accepted or EnqueueStatus.Repeated)
        {
            await TellAsync(id, story.Queue, result.Id, cancel).ConfigureAwait(false);
        }

        return result.Status == EnqueueStatus.InProgress ? new(result.Id, EnqueueStatus.Repeated, null) : new(result.Id, result.Status, null);
    }

    /// <summary>Its expiry stays when it is still to come.</summary>
    private JobRequest RequestOf(JobStory story) => new()
    {
        Body = story.Body,
        IsOctets = story.IsOctets,
        Lane = story.Lane,
        Flow = story.Flow,
        ExpiresMs = story.ExpiresMs > jobs.NowMs ? story.ExpiresMs : 0,
        MaxAttempts = story.MaxAttempts,
        Headers = story.Headers,
    };

    private async ValueTask TellAsync(JobId id, string queue, JobId later, CancellationToken cancel)
    {
        var facts = new EventBatch();
        facts.Add(id, JobCodes.Requeued, RequeuedFact.Write(queue, later));
        try
        {
            await engine.WaitDurableAsync(engine.Append(facts), cancel).ConfigureAwait(false);
        }
        catch (JournalFullException)
        {
            // The new job is there; for a day its key keeps a second one away.
        }
    }

    private static RequeueResult Refused(JobProblem problem) => new(default, EnqueueStatus.Stopping, problem);

    /// <summary>Two that ask at the same time, or a kill between the job and the fact about the old one, make one job.</summary>
    private static UInt128 KeyOf(JobId id)
    {
        var value = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"requeue\n{id.Value}"))));
        return value == default ? UInt128.One : value;
    }
}
