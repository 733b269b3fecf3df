using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Strowger.Features.Access;
using Strowger.Server.Export;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Export;

/// <summary><c>GET /v1/exports/unsent</c>: the texts that still wait, one request a line, written as they are read: any number of them.</summary>
internal sealed class UnsentEndpoint(HttpServices services)
{
    /// <summary>Octets before they are written out.</summary>
    private const int Chunk = 64 * 1024;

    /// <summary>Jobs in somebody's hands at the start, by parts: texts among them are left out.</summary>
    public const string InFlightHeader = "Strowger-In-Flight";

    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/exports/unsent", Rights.MessagesRead, WriteAsync)];

    private async Task WriteAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "in_flight");
        var withInFlight = query.Flag("in_flight");
        if ((query.Problem ?? Readiness.NotReady(services)) is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        var texts = new UnsentTexts(services.Engine, services.Time, withInFlight);
        var response = context.Response;
        response.ContentType = "application/x-ndjson";
        var inFlight = withInFlight ? 0 : services.Engine.GetQueues().Sum(queue => queue.Leased + queue.Unsure);
        response.Headers[InFlightHeader] = inFlight.ToString(CultureInfo.InvariantCulture);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var lines = new NdjsonChunk();
        foreach (var job in texts.Jobs())
        {
            lines.Add(texts, job);
            if (lines.Length >= Chunk)
            {
                await response.BodyWriter.WriteAsync(lines.Bytes, ended.Token).ConfigureAwait(false);
                lines.Clear();
            }
        }

        await response.BodyWriter.WriteAsync(lines.Bytes, ended.Token).ConfigureAwait(false);
    }
}
