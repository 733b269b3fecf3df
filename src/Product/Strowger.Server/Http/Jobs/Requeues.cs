using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Records;
using Strowger.Records.Jobs;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Jobs;

/// <summary>What became of putting many back.</summary>
/// <param name="Jobs">Those put back, the oldest first, each with what it is now.</param>
/// <param name="Left">How many of those asked for are still given up: over the bound of a call, or their history is gone.</param>
/// <param name="Stopped">Why the queue took no more; null when it did.</param>
internal sealed record RequeuedJobs(IReadOnlyList<(JobId From, JobId As)> Jobs, int Left, Problem? Stopped);

/// <summary>Jobs given up put back, for the API and the console: what really changed is written to the audit.</summary>
internal sealed class Requeues(HttpServices services)
{
    /// <summary>Written together, so that they share the wait for the disk.</summary>
    private const int Together = 100;

    public async Task<(RequeueResult Result, Problem? Problem)> OneAsync(JobId id, string who)
    {
        var result = await services.Jobs.RequeueAsync(id, CancellationToken.None).ConfigureAwait(false);
        var problem = ProblemOf(result, id);
        if (problem is null && result.Status == EnqueueStatus.Accepted)
        {
            services.Settings.Audit.Add(who, "job.requeue", JobName.Of(id), null, JobName.Of(result.As));
        }

        return (result, problem);
    }

    /// <summary>The oldest first, in the order in which they were accepted.</summary>
    public async Task<RequeuedJobs> ManyAsync(string queue, DeadFilter filter, int most, string who)
    {
        var (done, left, after) = (new List<(JobId From, JobId As)>(), 0, 0L);
        Problem? stopped = null;
        IReadOnlyList<DeadJobRow> rows;
        do
        {
            rows = services.DeadJobs.ListOldest(queue, after, RecordsLimits.MaxPage);
            after = rows.Count > 0 ? rows[^1].Id : after;
            var wanted = rows.Where(filter.Takes).ToArray();
            for (var at = 0; at < wanted.Length; at += Together)
            {
                // What was put back a moment ago may still be in the list: it is counted neither way.
                var now = wanted.Skip(at).Take(Together).Take(stopped is null ? most - done.Count : 0).Select(row => new JobId(row.Id)).ToArray();
                var results = await Task.WhenAll(now.Select(id => services.Jobs.RequeueAsync(id, CancellationToken.None).AsTask())).ConfigureAwait(false);
                done.AddRange(now.Zip(results, (from, result) => (from, result)).Where(one => one.result is { Status: EnqueueStatus.Accepted, Problem: null }).Select(one => (one.from, one.result.As)));
                left += Math.Min(Together, wanted.Length - at) - results.Count(r => r is { Problem: null, Status: EnqueueStatus.Accepted or EnqueueStatus.Repeated });
                stopped ??= results.Where(r => r.Problem is null).Select(r => ProblemOf(r, queue)).FirstOrDefault(problem => problem is not null);
            }
        }
        while (rows.Count == RecordsLimits.MaxPage);

        if (done.Count > 0)
        {
            services.Settings.Audit.Add(who, "queue.requeue", queue, null, done.Count.ToString(CultureInfo.InvariantCulture));
        }

        return new RequeuedJobs(done, left, stopped);
    }

    private Problem? ProblemOf(in RequeueResult result, JobId id) =>
        result.Problem is { } problem ? JobJson.Of(problem) : ProblemOf(result, services.Jobs.Find(id)?.Queue ?? "");

    private static Problem? ProblemOf(in RequeueResult result, string queue) =>
        result.Status is EnqueueStatus.Accepted or EnqueueStatus.Repeated ? null : EnqueueProblems.Of(result.Status, queue);
}
