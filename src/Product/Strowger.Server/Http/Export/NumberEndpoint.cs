using Microsoft.AspNetCore.Http.Features;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Export;

/// <summary><c>GET /v1/exports/number</c>: what is kept about one number and no list finds, an object a line, written as it is read.</summary>
internal sealed class NumberEndpoint(HttpServices services)
{
    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/exports/number", Rights.All, WriteAsync)];

    private async Task WriteAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "number");

        // A '+' that was not escaped arrives as a blank.
        var text = query.Text("number")?.Trim() ?? string.Empty;
        if (!Msisdn.TryParse(text, out var number, out var error))
        {
            query.Fail("number", Msisdn.Explain(error), "invalid_number");
        }

        if ((query.Problem ?? Readiness.NotReady(services)) is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        if (services.NumberRecords is not { } records)
        {
            await ProblemAnswer.WriteAsync(context, "not_found", "This server keeps no texts.").ConfigureAwait(false);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        var response = context.Response;
        response.ContentType = "application/x-ndjson";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await foreach (var lines in records.LinesAsync(number, ended.Token).ConfigureAwait(false))
        {
            await response.BodyWriter.WriteAsync(lines, ended.Token).ConfigureAwait(false);
        }
    }
}
