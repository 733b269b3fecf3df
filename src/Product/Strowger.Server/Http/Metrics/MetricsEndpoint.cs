using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Metrics;

/// <summary><c>GET /metrics</c>: from this machine without a key, from elsewhere with one.</summary>
internal sealed class MetricsEndpoint(MetricsSource source, Gate gate)
{
    public IEnumerable<OpenRoute> Routes => [new("GET", "/metrics", GetAsync)];

    private async Task GetAsync(HttpContext context)
    {
        if (!Gate.IsFromThisMachine(context) && gate.Enter(context, Rights.QueuesRead, out _) is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var text = new MetricsText();
        source.Write(text);
        var body = text.ToBytes();
        context.Response.ContentType = MetricsText.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }
}
