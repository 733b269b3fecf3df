using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Events;

/// <summary>
/// <c>GET /v1/events/stream</c>: events as they become durable. Begins after <c>Last-Event-ID</c> or <c>?after=</c>, or without
/// either at the present end. Ends when the server stops.
/// </summary>
internal sealed class StreamEndpoint(HttpServices services, StageNames stages)
{
    private const int RetryMs = 1000;
    private const string LastEventId = "Last-Event-ID";

    private int _open;

    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/events/stream", Rights.EventsRead, StreamAsync)];

    /// <summary>Streams open now.</summary>
    public int Open => Volatile.Read(ref _open);

    private async Task StreamAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "after");
        var after = query.Text("after");
        var seen = (string?)context.Request.Headers[LastEventId];
        EventPosition? position = null;
        var problem = query.Problem ?? (string.IsNullOrEmpty(seen)
            ? EventCursor.Read(services.Engine, after, "after", out position)
            : EventCursor.Read(services.Engine, seen, LastEventId, out position));
        if (problem is null && Interlocked.Increment(ref _open) > HttpLimits.MaxStreams)
        {
            Interlocked.Decrement(ref _open);
            problem = Problem.Of("too_many_streams", $"{HttpLimits.MaxStreams} streams are open. Close one, or ask /v1/events now and then.") with { RetryAfter = TimeSpan.FromSeconds(10) };
        }

        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        try
        {
            await RunAsync(context, caller, position).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task RunAsync(HttpContext context, Caller caller, EventPosition? position)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var stream = new EventStream(services.Engine, stages);
        stream.Retry(RetryMs);
        var reader = position is null
            ? EventReader.From(services.Engine, services.Engine.Journal.DurableEnd)
            : EventCursor.Open(services.Engine, position, stream.Add);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        try
        {
            var written = services.Time.GetTimestamp();
            while (true)
            {
                while (!stream.IsChunkFull && reader.ReadRecord(stream.Add))
                {
                }

                if (stream.IsEmpty && services.Time.GetElapsedTime(written) >= HttpLimits.StreamHeartbeat)
                {
                    stream.Comment();
                }

                if (stream.IsEmpty)
                {
                    await Task.Delay(HttpLimits.StreamPoll, services.Time, ended.Token).ConfigureAwait(false);
                }
                else if (!await WriteAsync(context, caller, stream, ended.Token).ConfigureAwait(false))
                {
                    return;
                }
                else
                {
                    written = services.Time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client left, or the server stops: it comes back with its last position.
        }
    }

    /// <summary>False when the client took nothing for too long.</summary>
    private async Task<bool> WriteAsync(HttpContext context, Caller caller, EventStream stream, CancellationToken ended)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(ended);
        stall.CancelAfter(HttpLimits.StreamStall);
        try
        {
            await context.Response.BodyWriter.WriteAsync(stream.Chunk, stall.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            // Told below, as when the server itself ends the write without a word.
        }

        stream.Clear();
        ended.ThrowIfCancellationRequested();
        if (stall.IsCancellationRequested)
        {
            HttpLog.SlowStream(services.Logger ?? NullLogger.Instance, caller.Name, (int)HttpLimits.StreamStall.TotalSeconds);
            context.Abort();
            return false;
        }

        return true;
    }
}
