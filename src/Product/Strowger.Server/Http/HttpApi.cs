using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Alarms;
using Strowger.Server.Http.Backup;
using Strowger.Server.Http.Campaigns;
using Strowger.Server.Http.Channels;
using Strowger.Server.Http.Erasure;
using Strowger.Server.Http.Events;
using Strowger.Server.Http.Export;
using Strowger.Server.Http.Health;
using Strowger.Server.Http.Inbound;
using Strowger.Server.Http.Jobs;
using Strowger.Server.Http.Kannel;
using Strowger.Server.Http.Keys;
using Strowger.Server.Http.Messages;
using Strowger.Server.Http.Metrics;
using Strowger.Server.Http.OpenApi;
using Strowger.Server.Http.Planning;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Queues;
using Strowger.Server.Http.Routing;
using Strowger.Server.Http.SmppClients;
using Strowger.Server.Http.Webhooks;

namespace Strowger.Server.Http;

/// <summary>
/// The HTTP door. Messages and batches are taken in front of routing; the rest is routed by a table. Everything beneath answers
/// errors as problem documents.
/// </summary>
public sealed class HttpApi
{
    private const string MessagesPath = "/v1/messages";
    private const string BatchPath = "/v1/messages/batch";

    private readonly Gate _gate;
    private readonly ProblemGuard _guard;
    private readonly SendEndpoint _send;
    private readonly BatchEndpoint _batch;

    public HttpApi(HttpServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _gate = new Gate(services.Keys);
        _guard = new ProblemGuard(services.Logger ?? NullLogger.Instance);
        _send = new SendEndpoint(services, _gate, _guard);
        _batch = new BatchEndpoint(services, _gate, _guard);
        var lag = new Lag(services);
        var stages = new StageNames(services.Engine);
        var streams = new StreamEndpoint(services, stages);
        Routes =
        [
            new("POST", MessagesPath, Rights.MessagesWrite, _send.HandleAsync),
            new("POST", BatchPath, Rights.MessagesWrite, _batch.HandleAsync),
            .. new ListEndpoint(services, lag).Routes,
            .. new MessageEndpoints(services).Routes,
            .. new CampaignEndpoints(services, lag).Routes,
            .. new CampaignUploads(services).Routes,
            .. new InboundEndpoints(services).Routes,
            .. new ChannelEndpoints(services).Routes,
            .. new SmppClientEndpoints(services).Routes,
            .. new QueueEndpoints(services).Routes,
            .. new EnqueueEndpoint(services).Routes,
            .. new DeadJobsEndpoint(services).Routes,
            .. new LeaseEndpoint(services).Routes,
            .. new JobEndpoints(services).Routes,
            .. new AckEndpoint(services).Routes,
            .. new RequeueEndpoints(services).Routes,
            .. new EventEndpoints(services, stages).Routes,
            .. streams.Routes,
            .. new PlanEndpoints(services).Routes,
            .. new KeyEndpoints(services).Routes,
            .. new LoginEndpoints(services).Routes,
            .. new AuditEndpoints(services).Routes,
            .. services.Webhooks is null ? [] : new WebhookEndpoints(services).Routes,
            .. services.Webhooks is null ? [] : new DeliveryEndpoints(services).Routes,
            .. services.Alarms is null ? [] : new AlarmEndpoints(services).Routes,
            .. services.Alarms is null ? [] : new AlarmRuleEndpoints(services).Routes,
            .. new BackupEndpoint(services).Routes,
            .. new UnsentEndpoint(services).Routes,
            .. new NumberEndpoint(services).Routes,
            .. new ErasureEndpoint(services).Routes,
        ];
        Metrics = new MetricsSource(services, lag, () => streams.Open);
        OpenRoutes =
        [
            .. new HealthEndpoints(services).Routes,
            .. new MetricsEndpoint(Metrics, _gate).Routes,
            .. OpenApiDocument.Routes,
            .. services.Alarms is null ? [] : new AlarmLinkEndpoint(services).Routes,
            .. services.SendSms is null ? [] : new SendSmsEndpoint(services, services.SendSms).Routes,
        ];
    }

    /// <summary>All calls that need a key, as mapped.</summary>
    internal IReadOnlyList<ApiRoute> Routes { get; }

    /// <summary>All calls that need none, or decide themselves.</summary>
    internal IReadOnlyList<OpenRoute> OpenRoutes { get; }

    internal MetricsSource Metrics { get; }

    /// <summary>Limits of the server below.</summary>
    public static void Configure(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = HttpLimits.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = HttpLimits.MaxHeaderBytes;

        // A batch lifts it for itself. Well over what a single call may bring, so that a sender who overdoes it a little still hears our answer.
        kestrel.Limits.MaxRequestBodySize = 16 * HttpLimits.MaxBody;
    }

    /// <summary>Adds the API to an application; to be called once, before other endpoints are mapped.</summary>
    public void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(next => context => InvokeAsync(context, next));
        app.UseRouting();
        foreach (var route in Routes)
        {
            RequestDelegate handler = context => EnterAsync(context, route);
            app.MapMethods(route.Pattern, [route.Method], handler);
        }

        foreach (var route in OpenRoutes)
        {
            // Load balancers like to ask with HEAD; Kestrel leaves the body away.
            app.MapMethods(route.Pattern, HttpMethods.IsGet(route.Method) ? [route.Method, HttpMethods.Head] : [route.Method], route.Handler);
        }
    }

    private Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value;
        if (path is null || !path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            return _guard.InvokeAsync(context, next);
        }

        // A browser must not guess that an answer is a page; answers may hold numbers and texts and belong in no cache.
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return path switch
        {
            MessagesPath when HttpMethods.IsPost(context.Request.Method) => _send.InvokeAsync(context),
            BatchPath when HttpMethods.IsPost(context.Request.Method) => _batch.InvokeAsync(context),
            _ => _guard.InvokeAsync(context, next),
        };
    }

    private Task EnterAsync(HttpContext context, ApiRoute route) =>
        _gate.Enter(context, route.Right, out var caller) is { } problem ? ProblemAnswer.WriteAsync(context, problem) : route.Handler(context, caller);
}
