using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Queues;

/// <summary>Queues: what waits, bound and pause.</summary>
internal sealed class QueueEndpoints(HttpServices services)
{
    private const string Path = "/v1/queues";

    /// <summary>Jobs of a queue at most: ten times what fits into the memory of a large box, so that only typing errors are refused.</summary>
    internal const long MaxBound = 1_000_000_000;

    private readonly LiveQueues _live = new(services.Settings);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.QueuesRead, ListAsync),
        new("GET", Path + "/{name}", Rights.QueuesRead, GetAsync),
        new("PATCH", Path + "/{name}", Rights.QueuesWrite, ChangeAsync),
    ];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var after = query.Text("cursor");
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var rest = services.Engine.GetQueues().Where(q => after is null || string.CompareOrdinal(q.Name, after) > 0).OrderBy(q => q.Name, StringComparer.Ordinal).Take(limit + 1).ToArray();
        var rows = rest.Take(limit).ToArray();
        return PageAnswer.WriteAsync(context, rows, rest.Length > limit ? rows[^1].Name : null, Write);
    }

    private Task GetAsync(HttpContext context, Caller caller) => services.Engine.GetQueue(NameOf(context)) is { } queue
        ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, queue, Write)
        : NotFoundAsync(context);

    private async Task ChangeAsync(HttpContext context, Caller caller)
    {
        var name = NameOf(context);
        if (services.Engine.GetQueue(name) is not { } before)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        var body = await RequestObject.ReadAsync(context, ["bound", "paused", .. WorkQueuePatch.Fields]).ConfigureAwait(false);
        var work = services.Jobs.Queues.Find(name);
        var settings = WorkQueuePatch.Read(body, work);
        var bound = body.Integer("bound", 1, MaxBound);
        var paused = body.Flag("paused");
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        if ((bound ?? before.Bound) != before.Bound || (paused ?? before.Paused) != before.Paused)
        {
            _live.Save(name, bound, paused, caller.Name);
            services.Engine.ChangeQueue(name, bound, paused);
        }

        if (settings is not null && settings != work!.Settings)
        {
            services.Jobs.Queues.Change(work, settings, caller.Name);
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, services.Engine.GetQueue(name)!, Write).ConfigureAwait(false);
    }

    private void Write(Utf8JsonWriter writer, QueueInfo queue)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, queue.Name);
        writer.WriteString("state"u8, queue.Paused ? "paused"u8 : queue.Live >= queue.Bound ? "full"u8 : "open"u8);
        writer.WriteNumber("bound"u8, queue.Bound);
        writer.WriteBoolean("paused"u8, queue.Paused);
        writer.WriteNumber("live"u8, queue.Live);
        writer.WriteNumber("waiting"u8, queue.Ready);
        writer.WriteStartObject("ready"u8);
        writer.WriteNumber("urgent"u8, queue.ReadyJobs[(int)Lane.Urgent]);
        writer.WriteNumber("normal"u8, queue.ReadyJobs[(int)Lane.Normal]);
        writer.WriteNumber("bulk"u8, queue.ReadyJobs[(int)Lane.Bulk]);
        writer.WriteEndObject();
        writer.WriteNumber("scheduled"u8, queue.Scheduled);
        writer.WriteNumber("leased"u8, queue.Leased);
        writer.WriteNumber("unsure"u8, queue.Unsure);
        writer.WriteNumber("flows"u8, queue.Flows);
        writer.WriteNumber("enqueued_total"u8, queue.EnqueuedTotal);
        writer.WriteNumber("done_total"u8, queue.DoneTotal);
        writer.WriteNumber("dead_total"u8, queue.DeadTotal);
        if (services.Jobs.Queues.Find(queue.Name) is { } work)
        {
            WorkQueuePatch.Write(writer, work);
        }

        writer.WriteEndObject();
    }

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static Task NotFoundAsync(HttpContext context) =>
        ProblemAnswer.WriteAsync(context, "not_found", "There is no such queue. A route's queue comes into being with its channel, one for jobs with its first job; /v1/queues lists them.");
}
