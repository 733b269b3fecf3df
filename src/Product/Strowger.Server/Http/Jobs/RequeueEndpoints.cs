using System.Globalization;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Jobs;

/// <summary>Jobs given up, put back: one by its id, or those of a queue that a filter takes.</summary>
internal sealed class RequeueEndpoints(HttpServices services)
{
    private const int MaxReason = 64;

    private readonly Requeues _requeues = new(services);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/v1/jobs/{id}/requeue", Rights.JobsWrite, OneAsync),
        new("POST", "/v1/queues/{name}/requeue", Rights.JobsWrite, ManyAsync),
    ];

    private async Task OneAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context).ConfigureAwait(false);
        var problem = Readiness.NotReady(services) ?? body.Problem;
        JobId id = default;
        RequeueResult result = default;
        if (problem is null)
        {
            (result, problem) = JobName.TryParse((string?)context.Request.RouteValues["id"], out id)
                ? await _requeues.OneAsync(id, caller.Name).ConfigureAwait(false)
                : (default, Problem.Of("not_found", "There is no such job. An id looks like job_0000000000001."));
        }

        await (problem is not null ? ProblemAnswer.WriteAsync(context, problem) : JsonAnswer.WriteAsync(
            context, StatusCodes.Status202Accepted, (id, result, state: services.Jobs.StateOf(result.As)), static (writer, put) =>
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, JobName.Of(put.result.As));
                writer.WriteString("state"u8, put.state);
                writer.WriteString("requeued_from"u8, JobName.Of(put.id));
                writer.WriteBoolean("duplicate"u8, put.result.Status == EnqueueStatus.Repeated);
                writer.WriteEndObject();
            })).ConfigureAwait(false);
    }

    private async Task ManyAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "max", "reason", "error", "died_after", "died_before").ConfigureAwait(false);
        var most = body.Integer("max", 1, JobLimits.MaxRequeue) ?? JobLimits.MaxRequeue;
        var filter = new DeadFilter(body.Text("reason", MaxReason), body.Text("error", JobLimits.MaxError), body.Time("died_after"), body.Time("died_before"));
        var name = (string)context.Request.RouteValues["name"]!;
        var problem = Readiness.NotReady(services) ?? body.Problem
            ?? (services.Jobs.Queues.Find(name) is null ? Problem.Of("not_found", "There is no such queue of jobs. It comes into being with its first job.") : null);
        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var answer = await _requeues.ManyAsync(name, filter, (int)most, caller.Name).ConfigureAwait(false);
        if (answer is { Jobs.Count: 0, Stopped: { } stopped })
        {
            await ProblemAnswer.WriteAsync(context, stopped).ConfigureAwait(false);
            return;
        }

        if (answer.Stopped?.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, answer, Write).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter writer, RequeuedJobs answer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("requeued"u8, answer.Jobs.Count);
        writer.WriteNumber("left"u8, answer.Left);
        writer.WriteStartArray("jobs"u8);
        foreach (var (from, later) in answer.Jobs)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, JobName.Of(later));
            writer.WriteString("requeued_from"u8, JobName.Of(from));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
