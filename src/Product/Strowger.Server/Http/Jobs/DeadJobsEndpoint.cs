using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Jobs;

/// <summary><c>GET /v1/queues/{name}/jobs?state=dead</c>: what was given up, newest first; from a read model.</summary>
internal sealed class DeadJobsEndpoint(HttpServices services)
{
    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/queues/{name}/jobs", Rights.JobsRead, ListAsync)];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "state", "limit", "cursor");
        var limit = query.Limit();
        var state = query.Text("state");
        if (state is not null and not "dead")
        {
            query.Fail("state", "only dead jobs are listed; others are counted by /v1/queues/{name} and found by their id");
        }

        var cursor = query.Text("cursor");
        var before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            query.Fail("cursor", "it is not one of ours; take next_cursor of the page before", "invalid_cursor");
        }

        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var name = (string)context.Request.RouteValues["name"]!;
        if (services.Jobs.Queues.Find(name) is null)
        {
            return ProblemAnswer.WriteAsync(context, "not_found", "There is no such queue of jobs. It comes into being with its first job.");
        }

        var rows = services.DeadJobs.List(name, before, limit + 1);
        var next = rows.Count > limit ? rows[limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return PageAnswer.WriteAsync(context, rows.Take(limit), next, static (writer, row) =>
        {
            var reason = DeadFilter.ReasonOf(row);
            writer.WriteStartObject();
            writer.WriteString("id"u8, JobName.Of(new JobId(row.Id)));
            writer.WriteString("state"u8, "dead"u8);
            writer.WriteTime("finished_at"u8, row.DiedMs);
            writer.WriteNumber("attempts"u8, row.Attempts);
            writer.WriteStartObject("error"u8);
            writer.WriteString("code"u8, reason.Code);
            writer.WriteString("detail"u8, reason.Detail);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }
}
