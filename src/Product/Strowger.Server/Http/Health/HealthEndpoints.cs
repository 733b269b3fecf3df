using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Health;

/// <summary>For supervisors and load balancers: no key, no detail that helps a stranger.</summary>
internal sealed class HealthEndpoints(HttpServices services)
{
    public IEnumerable<OpenRoute> Routes =>
    [
        new("GET", "/health/live", static context => OkAsync(context, "live")),
        new("GET", "/health/ready", ReadyAsync),
    ];

    /// <summary>200 while intake is open, whatever carriers do: a text that waits for its carrier is safe here.</summary>
    private Task ReadyAsync(HttpContext context) =>
        Readiness.NotReady(services) is { } problem ? ProblemAnswer.WriteAsync(context, problem) : OkAsync(context, "ready");

    private static Task OkAsync(HttpContext context, string status) => JsonAnswer.WriteAsync(
        context, StatusCodes.Status200OK, status, static (writer, status) =>
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, status);
            writer.WriteEndObject();
        });
}
