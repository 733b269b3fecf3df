using Strowger.Features.Access;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records;
using Strowger.Records.Settings;
using Strowger.Records.Webhooks;
using Strowger.Server.Http.Webhooks;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/webhooks</c>: who is told of events, and does it arrive? A secret is seen once.</summary>
internal sealed class WebhooksPage(ConsoleServices services)
{
    private const string Path = "/settings/webhooks";
    private const int MaxDeliveries = 50;

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, Role.Operator, v => ShowAsync(v, null, null)),
        ConsoleRoute.Post(Path, Role.Admin, AddAsync),
        ConsoleRoute.Post(Path + "/{id}/remove", Role.Admin, RemoveAsync),
        ConsoleRoute.Post(Path + "/{id}/rotate", Role.Admin, RotateAsync),
        ConsoleRoute.Post(Path + "/{id}/switch", Role.Admin, SwitchAsync),
        ConsoleRoute.Post(Path + "/deliveries/{id}/replay", Role.Operator, ReplayAsync),
    ];

    private WebhookParts? Parts => services.Http.Webhooks;

    private Task ShowAsync(Visit visit, WebhookRecord? made, string? problem) => visit.ShowAsync<WebhooksView>(
        new WebhooksModel
        {
            Webhooks = Parts?.Webhooks.List() ?? [],
            Deliveries = Parts?.Deliveries.List(new DeliveryFilter { Limit = MaxDeliveries, State = visit.Query("state") == "failed" ? DeliveryState.Failed : null }).Rows ?? [],
            OnlyFailed = visit.Query("state") == "failed",
            Made = made,
            Problem = problem,
        },
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private Task AddAsync(Visit visit)
    {
        var t = visit.T;
        var types = visit.Fields("type").Where(EventTypes.IsPattern).Distinct().ToArray();
        if (!WebhookSet.TryUrl(visit.Field("url"), out var url))
        {
            return ShowAsync(visit, null, t["An address begins with https:// or http:// and has no user and password."]);
        }

        if (types.Length == 0)
        {
            return ShowAsync(visit, null, t["Choose at least one kind of event."]);
        }

        var made = Parts?.Webhooks.Add(url.OriginalString, types, visit.Field("description") ?? "", visit.Who);
        return ShowAsync(visit, made, made is null ? t["There are {0} webhooks already; remove one first.", RecordsLimits.MaxWebhooks] : null);
    }

    private Task RemoveAsync(Visit visit)
    {
        var removed = Parts?.Webhooks.Remove(visit.Route("id"), visit.Who) == true;
        return visit.GoAsync(Path, removed ? Notice.Done(visit.T["The webhook was removed; what waits for it is given up."]) : Notice.Failed(visit.T["There is no such webhook."]));
    }

    private Task RotateAsync(Visit visit) => Parts?.Webhooks.Rotate(visit.Route("id"), visit.Who) is { } changed
        ? ShowAsync(visit, changed, null)
        : visit.GoAsync(Path, Notice.Failed(visit.T["There is no such webhook."]));

    private Task SwitchAsync(Visit visit)
    {
        var changed = Parts?.Webhooks.Change(visit.Route("id"), old => old with { Enabled = !old.Enabled }, visit.Who);
        return visit.GoAsync(Path, changed is null ? Notice.Failed(visit.T["There is no such webhook."])
            : Notice.Done(changed.Enabled ? visit.T["The webhook is told of events again."] : visit.T["The webhook is told of nothing until it is switched on."]));
    }

    private async Task ReplayAsync(Visit visit)
    {
        try
        {
            var again = WebhookJson.TryId(visit.Route("id"), out var id) && Parts is not null ? await Parts.ReplayAsync(id, visit.Cancel) : null;
            if (again is not null)
            {
                services.Http.Settings.Audit.Add(visit.Who, "webhook.replay", WebhookJson.IdOf(id), null, WebhookJson.IdOf(again.Value));
            }

            await visit.GoAsync(Path, again is null ? Notice.Failed(visit.T["Its record is past its retention."]) : Notice.Done(visit.T["It is posted once more."]));
        }
        catch (WebhookQueueException)
        {
            await visit.GoAsync(Path, Notice.Failed(visit.T["The queue webhooks is full, or the disk is."]));
        }
    }
}

/// <summary>The addresses, what became of the newest posts, and one just made with its secret.</summary>
public sealed record WebhooksModel
{
    public required IReadOnlyList<WebhookRecord> Webhooks { get; init; }

    public required IReadOnlyList<DeliveryRow> Deliveries { get; init; }

    public bool OnlyFailed { get; init; }

    public WebhookRecord? Made { get; init; }

    public string? Problem { get; init; }
}
