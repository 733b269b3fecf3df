using System.Text;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Jobs;

/// <summary>A job by its id: looked at, taken back, and what its worker says of it.</summary>
internal sealed class JobEndpoints(HttpServices services)
{
    private const string Path = "/v1/jobs/{id}";
    private const string LeaseForm = "the lease that came with the job";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.JobsRead, GetAsync),
        new("DELETE", Path, Rights.JobsWrite, CancelAsync),
        new("POST", Path + "/ack", Rights.JobsWork, AckAsync),
        new("POST", Path + "/retry", Rights.JobsWork, RetryAsync),
        new("POST", Path + "/dead", Rights.JobsWork, DeadAsync),
        new("POST", Path + "/touch", Rights.JobsWork, TouchAsync),
    ];

    private Task GetAsync(HttpContext context, Caller caller) =>
        IdOf(context) is { } id && services.Jobs.Find(id) is { } job
            ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, job, JobJson.Write)
            : NotFoundAsync(context);

    private async Task CancelAsync(HttpContext context, Caller caller)
    {
        if (IdOf(context) is not { } id || await services.Jobs.CancelAsync(id, CancellationToken.None).ConfigureAwait(false) is not { } job)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
        }
        else if (job.State != "cancelled")
        {
            await ProblemAnswer.WriteAsync(context, "not_cancellable", $"It is {job.State}. Only what still waits can be cancelled.").ConfigureAwait(false);
        }
        else
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, job, JobJson.Write).ConfigureAwait(false);
        }
    }

    private async Task AckAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "lease", "result").ConfigureAwait(false);
        var result = body.Json("result", JobLimits.MaxResultBytes);
        await CompleteAsync(context, body, Outcome.Done(), result).ConfigureAwait(false);
    }

    private async Task RetryAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "lease", "delay_ms", "error").ConfigureAwait(false);
        var delay = body.Integer("delay_ms", 0, (long)JobLimits.MaxAhead.TotalMilliseconds);
        var error = ErrorOf(body);
        await CompleteAsync(context, body, Outcome.Retry(JobCodes.Failed, delay is { } ms ? TimeSpan.FromMilliseconds(ms) : null), error).ConfigureAwait(false);
    }

    private async Task DeadAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "lease", "error").ConfigureAwait(false);
        var error = ErrorOf(body);
        await CompleteAsync(context, body, Outcome.Permanent(JobCodes.GivenUp), error).ConfigureAwait(false);
    }

    private async Task TouchAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "lease", "lease_ms", "progress").ConfigureAwait(false);
        var lease = body.Required("lease", 64, LeaseForm);
        var life = body.Integer("lease_ms", (long)JobLimits.MinLease.TotalMilliseconds, (long)EngineLimits.MaxLease.TotalMilliseconds);
        var progress = body.Json("progress", JobLimits.MaxProgressBytes);
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        if (IdOf(context) is not { } id)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        var time = life is { } ms ? TimeSpan.FromMilliseconds(ms) : JobLimits.DefaultLease;
        if (services.Jobs.Touch(id, lease, time, progress, out var until) is { } refused)
        {
            await ProblemAnswer.WriteAsync(context, JobJson.Of(refused)).ConfigureAwait(false);
            return;
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (id, until), static (writer, touched) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, JobName.Of(touched.id));
            writer.WriteTime("lease_until"u8, touched.until);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task CompleteAsync(HttpContext context, RequestObject body, Outcome outcome, byte[]? data)
    {
        var lease = body.Required("lease", 64, LeaseForm);
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        if (IdOf(context) is not { } id)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        // No cancellation: what is in the journal counts, whether its worker still listens or not.
        if ((await services.Jobs.CompleteAsync([new JobReport(id, lease, outcome, data)], CancellationToken.None).ConfigureAwait(false))[0] is { } refused)
        {
            await ProblemAnswer.WriteAsync(context, JobJson.Of(refused)).ConfigureAwait(false);
            return;
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (id, state: services.Jobs.StateOf(id)), static (writer, job) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, JobName.Of(job.id));
            writer.WriteString("state"u8, job.state);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static byte[]? ErrorOf(RequestObject body) =>
        body.Text("error", JobLimits.MaxError) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    private static JobId? IdOf(HttpContext context) =>
        JobName.TryParse((string?)context.Request.RouteValues["id"], out var id) ? id : null;

    private static Task NotFoundAsync(HttpContext context) => ProblemAnswer.WriteAsync(
        context, "not_found", "There is no such job, or its history is past its retention. An id looks like job_0000000000001.");
}
