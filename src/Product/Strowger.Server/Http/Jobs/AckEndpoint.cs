using System.Text;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Jobs;

/// <summary><c>POST /v1/jobs/ack</c>: what became of many jobs, each told apart: one that is refused holds up no other.</summary>
internal sealed class AckEndpoint(HttpServices services)
{
    private readonly JobsBodyReader _reader = new();

    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/jobs/ack", Rights.JobsWork, AckAsync)];

    private async Task AckAsync(HttpContext context, Caller caller)
    {
        var problem = Readiness.NotReady(services) ?? new QueryReader(context).Problem ?? await _reader.ReadAsync(context, body => TakeAsync(context, body)).ConfigureAwait(false);
        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private async Task<Problem?> TakeAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var request = RequestObject.Parse(body, "jobs");
        if (request.Objects("jobs", JobLimits.MaxReports, "id", "lease", "outcome", "result", "error", "delay_ms") is not { } items)
        {
            request.Fail("missing_field", "jobs", "it is missing; allowed is a list of objects, each with id and lease");
            return request.Problem;
        }

        if (request.Problem is { } problem)
        {
            return problem;
        }

        var answers = items.Select(item => new AckAnswer(item, Read(item))).ToArray();
        var told = answers.Where(answer => answer.Problem is null).ToArray();

        // No cancellation: what is in the journal counts, whether its worker still listens or not.
        var refused = await services.Jobs.CompleteAsync([.. told.Select(answer => answer.Report)], CancellationToken.None).ConfigureAwait(false);
        for (var i = 0; i < told.Length; i++)
        {
            told[i].Problem = refused[i] is { } wrong ? JobJson.Of(wrong) : null;
        }

        await AckAnswer.WriteAsync(context, answers, services.Jobs).ConfigureAwait(false);
        return null;
    }

    /// <summary>The first mistake is in the item.</summary>
    private static JobReport Read(RequestObject item)
    {
        var name = item.Required("id", 64, "a job's id");
        var lease = item.Required("lease", 64, "the lease that came with the job");
        var result = item.Json("result", JobLimits.MaxResultBytes);
        var error = item.Text("error", JobLimits.MaxError);
        var delay = item.Integer("delay_ms", 0, (long)JobLimits.MaxAhead.TotalMilliseconds);
        Outcome? outcome = item.Text("outcome", 16) switch
        {
            null or "done" => Outcome.Done(),
            "retry" => Outcome.Retry(JobCodes.Failed, delay is { } ms ? TimeSpan.FromMilliseconds(ms) : null),
            "dead" => Outcome.Permanent(JobCodes.GivenUp),
            _ => null,
        };
        if (outcome is null)
        {
            item.Fail("invalid_value", "outcome", "allowed are done, retry and dead");
        }
        else if (outcome.Value.Kind == OutcomeKind.Done ? error is not null || delay is not null : result is not null || (delay is not null && outcome.Value.Kind != OutcomeKind.Retry))
        {
            item.Fail("invalid_value", "outcome", "result goes with done, error with retry and dead, delay_ms with retry");
        }

        if (!JobName.TryParse(name, out var id) && item.Problem is null)
        {
            item.Fail("not_found", "id", "there is no such job; an id looks like job_0000000000001");
        }

        return new JobReport(id, lease, outcome ?? Outcome.Done(), error is null ? result : Encoding.UTF8.GetBytes(error));
    }
}
