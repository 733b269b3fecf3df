using System.Diagnostics;

namespace Strowger.Server.Telemetry;

/// <summary>A span for each call of the API. Named by its route: an address may hold numbers of people, a route does not.</summary>
internal sealed class RequestSpans(IEnumerable<string> routes) : IDisposable
{
    public const string Source = "Strowger.Http";

    /// <summary>Open as long as somebody looks: no call.</summary>
    private const string Stream = "/v1/events/stream";

    private readonly ActivitySource _source = new(Source);

    /// <summary>Those that are answered in front of routing.</summary>
    private readonly HashSet<string> _plain = [.. routes.Where(route => !route.Contains('{', StringComparison.Ordinal))];

    public void Use(WebApplication app) => app.Use(next => context =>
        context.Request.Path.Value is { } path && path.StartsWith("/v1/", StringComparison.Ordinal) && path != Stream ? InvokeAsync(context, next) : next(context));

    public void Dispose() => _source.Dispose();

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        _ = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);

        // What hosting began is sent to nobody: as a parent it would leave the span without a root.
        Activity.Current = null;
        using var span = _source.StartActivity(context.Request.Method, ActivityKind.Server, parent);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            if (span is not null)
            {
                Describe(span, context);
            }
        }
    }

    private void Describe(Activity span, HttpContext context)
    {
        var (request, status) = (context.Request, context.Response.StatusCode);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? (_plain.Contains(request.Path.Value!) ? request.Path.Value : null);
        span.SetTag("http.request.method", request.Method);
        span.SetTag("http.response.status_code", status);
        span.SetTag("url.scheme", request.Scheme);
        if (route is not null)
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{request.Method} {route}";
        }

        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
