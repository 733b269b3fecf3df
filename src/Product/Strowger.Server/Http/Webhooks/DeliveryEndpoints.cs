using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Webhooks;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Webhooks;

/// <summary>What became of each post, and posting it again.</summary>
internal sealed class DeliveryEndpoints(HttpServices services)
{
    private const string Path = "/v1/webhooks/deliveries";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.WebhooksRead, ListAsync),
        new("POST", Path + "/{id}/replay", Rights.WebhooksWrite, ReplayAsync),
        new("POST", "/v1/webhooks/replay", Rights.WebhooksWrite, ReplayFailedAsync),
    ];

    private WebhookParts Parts => services.Webhooks!;

    public static Problem ProblemOf(WebhookQueueException full) => full.Status switch
    {
        EnqueueStatus.StorageFull => Problem.Of("storage_full", "The disk is full: nothing new is queued until there is room.") with { RetryAfter = TimeSpan.FromSeconds(30) },
        EnqueueStatus.Stopping => Problem.Of("stopping", "The server is stopping. Try again in a moment.") with { RetryAfter = TimeSpan.FromSeconds(5) },
        _ => Problem.Of("queue_full", "The queue webhooks is full. Wait, or raise its bound.") with { RetryAfter = TimeSpan.FromSeconds(60) },
    };

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor", "webhook", "state");
        var filter = new DeliveryFilter
        {
            Limit = query.Limit(),
            Before = query.Number("cursor", 1, long.MaxValue, long.MaxValue),
            Webhook = query.Text("webhook"),
            State = StateOf(query),
        };
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var page = Parts.Deliveries.List(filter);
        return PageAnswer.WriteAsync(
            context, page.Rows, page.NextBefore?.ToString(CultureInfo.InvariantCulture), (writer, row) => WebhookJson.Write(writer, row, Parts.Webhooks));
    }

    private async Task ReplayAsync(HttpContext context, Caller caller)
    {
        if (!WebhookJson.TryId((string)context.Request.RouteValues["id"]!, out var id))
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        try
        {
            if (await Parts.ReplayAsync(id, context.RequestAborted).ConfigureAwait(false) is not { } again)
            {
                await NotFoundAsync(context).ConfigureAwait(false);
                return;
            }

            services.Settings.Audit.Add(caller.Name, "webhook.replay", WebhookJson.IdOf(id), null, WebhookJson.IdOf(again));
            await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, again, static (writer, again) =>
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, WebhookJson.IdOf(again));
                writer.WriteEndObject();
            }).ConfigureAwait(false);
        }
        catch (WebhookQueueException full)
        {
            await ProblemAnswer.WriteAsync(context, ProblemOf(full)).ConfigureAwait(false);
        }
    }

    private async Task ReplayFailedAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "since", "webhook", "cursor").ConfigureAwait(false);
        var since = body.Time("since");
        var webhook = body.Text("webhook", 64);
        var cursor = body.Text("cursor", 20);
        long before = 0;
        if (since is null)
        {
            body.Fail("missing_field", "since", "it is missing; allowed is ISO 8601 with a zone, such as 2026-05-17T14:03:21Z");
        }

        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            body.Fail("invalid_cursor", "cursor", "it is not one of ours; take next_cursor of the answer before");
        }

        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        try
        {
            var done = await Parts.ReplayFailedAsync(since!.Value, webhook, before > 0 ? before : null, context.RequestAborted).ConfigureAwait(false);
            services.Settings.Audit.Add(caller.Name, "webhook.replay", webhook ?? "all", null, string.Create(CultureInfo.InvariantCulture, $"{done.Count} since {since:O}"));
            await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, done, static (writer, done) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("replayed"u8, done.Count);
                writer.WriteString("next_cursor"u8, done.NextBefore?.ToString(CultureInfo.InvariantCulture));
                writer.WriteEndObject();
            }).ConfigureAwait(false);
        }
        catch (WebhookQueueException full)
        {
            await ProblemAnswer.WriteAsync(context, ProblemOf(full)).ConfigureAwait(false);
        }
    }

    private static DeliveryState? StateOf(QueryReader query)
    {
        switch (query.Text("state"))
        {
            case null: return null;
            case "queued": return DeliveryState.Queued;
            case "retrying": return DeliveryState.Retrying;
            case "delivered": return DeliveryState.Delivered;
            case "failed": return DeliveryState.Failed;
            default:
                query.Fail("state", "allowed are queued, retrying, delivered, failed");
                return null;
        }
    }

    private static Task NotFoundAsync(HttpContext context) =>
        ProblemAnswer.WriteAsync(context, "not_found", "There is no such delivery, or its record is past its retention. /v1/webhooks/deliveries lists them.");
}
