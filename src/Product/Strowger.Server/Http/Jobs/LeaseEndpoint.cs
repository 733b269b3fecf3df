using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Jobs;

/// <summary><c>POST /v1/queues/{name}/lease</c>: work for whoever asks, at once or as soon as there is some.</summary>
internal sealed class LeaseEndpoint(HttpServices services)
{
    private int _waiting;

    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/queues/{name}/lease", Rights.JobsWork, LeaseAsync)];

    private async Task LeaseAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "max", "wait_ms", "lease_ms").ConfigureAwait(false);
        var most = body.Integer("max", 1, JobLimits.MaxLeases) ?? 1;
        var wait = TimeSpan.FromMilliseconds(body.Integer("wait_ms", 0, (long)JobLimits.MaxWait.TotalMilliseconds) ?? 0);
        var life = body.Integer("lease_ms", (long)JobLimits.MinLease.TotalMilliseconds, (long)EngineLimits.MaxLease.TotalMilliseconds) is { } ms
            ? TimeSpan.FromMilliseconds(ms)
            : JobLimits.DefaultLease;
        WorkQueue queue = null!;
        var problem = Readiness.NotReady(services) ?? body.Problem
            ?? (services.Jobs.Queues.Open((string)context.Request.RouteValues["name"]!, out queue) is { } refused ? JobJson.Of(refused) : null);
        if (problem is null && Interlocked.Increment(ref _waiting) > HttpLimits.MaxPolls)
        {
            Interlocked.Decrement(ref _waiting);
            problem = Problem.Of("too_many_polls", $"{HttpLimits.MaxPolls} calls wait for work. Ask for several jobs at once, with max.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<LeasedJob> jobs;
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
            jobs = await services.Jobs.LeaseAsync(queue, (int)most, life, wait, ended.Token).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, jobs, static (writer, jobs) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data"u8);
            foreach (var job in jobs)
            {
                JobJson.Write(writer, job);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
