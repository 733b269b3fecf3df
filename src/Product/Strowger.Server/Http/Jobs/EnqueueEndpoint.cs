using System.Buffers;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging.Sending;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Messages;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Jobs;

/// <summary><c>POST /v1/queues/{name}/jobs</c>: one job as an object, or many as an array or one a line.</summary>
internal sealed class EnqueueEndpoint(HttpServices services)
{
    private readonly JobsBodyReader _reader = new();

    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/queues/{name}/jobs", Rights.JobsWrite, EnqueueAsync)];

    private async Task EnqueueAsync(HttpContext context, Caller caller)
    {
        WorkQueue queue = null!;
        IdempotencyKey key = default;
        var name = (string)context.Request.RouteValues["name"]!;
        var problem = Readiness.NotReady(services) ?? new QueryReader(context).Problem ?? ContentTypes.NotBatch(context)
            ?? RequestKey.Read(context, $"{caller.Scope} jobs {name}", out key)
            ?? (services.Jobs.Queues.Open(name, out queue) is { } refused ? JobJson.Of(refused) : null);
        if (problem is null)
        {
            problem = await _reader.ReadAsync(context, body => TakeAsync(context, queue, key, body)).ConfigureAwait(false);
        }

        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private async Task<Problem?> TakeAsync(HttpContext context, WorkQueue queue, IdempotencyKey key, ReadOnlyMemory<byte> body)
    {
        if (JobsBodyReader.IsMany(context, body.Span))
        {
            var batch = new JobsBatch(services.Jobs, queue, key);
            await batch.TakeAsync(body).ConfigureAwait(false);
            return await JobsBatchAnswer.WriteAsync(context, batch).ConfigureAwait(false);
        }

        return await TakeOneAsync(context, queue, key, body).ConfigureAwait(false);
    }

    private async Task<Problem?> TakeOneAsync(HttpContext context, WorkQueue queue, IdempotencyKey key, ReadOnlyMemory<byte> body)
    {
        var wrong = JobRequestParser.Parse(body, services.Jobs.NowMs, out var request) ?? JobsBatch.TwoKeys(request, key);
        if (wrong is not null)
        {
            return JobJson.Of(wrong);
        }

        // No cancellation: what is in the journal is accepted, whether its sender still listens or not.
        var content = key.IsNone ? 0 : IdempotencyKey.ContentOf(body.Span);
        var result = await services.Jobs.EnqueueAsync(queue, request, key.For(0), content).ConfigureAwait(false);
        if (!result.IsAccepted)
        {
            return EnqueueProblems.Of(result.Status, queue.Name);
        }

        var isRepeat = result.Status == EnqueueStatus.Repeated;
        if (isRepeat && !key.IsNone)
        {
            context.Response.Headers[RequestKey.ReplayedHeader] = "true";
        }

        var answer = (Id: result.Id, Queue: queue.Name, State: services.Jobs.StateOf(result.Id), IsDuplicate: isRepeat && request.UniqueKey is not null);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, answer, static (writer, job) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, JobName.Of(job.Id));
            writer.WriteString("queue"u8, job.Queue);
            writer.WriteString("state"u8, job.State);
            writer.WriteBoolean("duplicate"u8, job.IsDuplicate);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
        return null;
    }
}
