using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging.Statuses;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Events;

/// <summary><c>GET /v1/events</c>: a page of the log, oldest first, only what is on disk.</summary>
internal sealed class EventEndpoints(HttpServices services, StageNames stages)
{
    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/events", Rights.EventsRead, ListAsync)];

    private async Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "after", "cursor", "limit");
        var limit = query.Limit(HttpLimits.MaxEvents);
        var field = query.Text("cursor") is null ? "after" : "cursor";
        EventPosition? position = null;
        if ((query.Problem ?? EventCursor.Read(services.Engine, query.Text(field), field, out position)) is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var page = Read(position, limit);
        context.Response.ContentType = JsonAnswer.ContentType;
        context.Response.ContentLength = page.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(page.WrittenMemory).ConfigureAwait(false);
    }

    private ArrayBufferWriter<byte> Read(EventPosition? after, int limit)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, JsonAnswer.Options);
        var jobs = new JobEventJson(services.Engine, stages.Of);
        var count = 0;
        var hasMore = false;
        EventPosition last = default;
        void Take(in EngineEvent item)
        {
            if (count == limit || writer.BytesCommitted + writer.BytesPending > HttpLimits.MaxEventPage)
            {
                hasMore = true;
                return;
            }

            if (!jobs.TryWrite(writer, item))
            {
                EventJson.Write(writer, item, stages.Of);
            }

            last = item.Position;
            count++;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("data"u8);
        var reader = EventCursor.Open(services.Engine, after, Take);
        while (!hasMore && reader.ReadRecord(Take))
        {
        }

        writer.WriteEndArray();
        writer.WriteString("next_cursor"u8, hasMore ? last.Value.ToString(CultureInfo.InvariantCulture) : null);
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }
}
