using System.Globalization;
using System.Text;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records;
using Strowger.Records.Settings;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Webhooks;

/// <summary>Addresses that are told of events: made, listed, changed, removed. A secret is seen once.</summary>
internal sealed class WebhookEndpoints(HttpServices services)
{
    private const string Path = "/v1/webhooks";
    private const string AllowedUrl = "a full address that begins with https:// or http://, without user and password";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.WebhooksRead, ListAsync),
        new("POST", Path, Rights.WebhooksWrite, CreateAsync),
        new("GET", Path + "/{id}", Rights.WebhooksRead, GetAsync),
        new("PATCH", Path + "/{id}", Rights.WebhooksWrite, ChangeAsync),
        new("DELETE", Path + "/{id}", Rights.WebhooksWrite, RemoveAsync),
        new("POST", Path + "/{id}/rotate", Rights.WebhooksWrite, RotateAsync),
        new("POST", Path + "/{id}/test", Rights.WebhooksWrite, TestAsync),
        new("GET", Path + "/signing", Rights.WebhooksWrite, SigningAsync),
    ];

    private WebhookSet Webhooks => services.Webhooks!.Webhooks;

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var after = query.Text("cursor");
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        // At most RecordsLimits.MaxWebhooks, in memory anyway; in order of ids.
        var rest = Webhooks.List().OrderBy(w => w.Id, StringComparer.Ordinal).Where(w => after is null || string.CompareOrdinal(w.Id, after) > 0).Take(limit + 1).ToArray();
        var rows = rest.Take(limit).ToArray();
        return PageAnswer.WriteAsync(context, rows, rest.Length > limit ? rows[^1].Id : null, WebhookJson.Write);
    }

    private Task GetAsync(HttpContext context, Caller caller) => AnswerAsync(context, Webhooks.Find(IdOf(context)));

    private async Task CreateAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "url", "types", "description").ConfigureAwait(false);
        var url = body.Required("url", WebhookLimits.MaxUrl, AllowedUrl);
        CheckUrl(body, url);
        var types = Types(body) ?? [EventTypes.All];
        var description = body.Text("description", WebhookLimits.MaxDescription) ?? string.Empty;
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
        else if (Webhooks.Add(url, types, description, caller.Name) is { } added)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, added, WebhookJson.WriteWithSecret).ConfigureAwait(false);
        }
        else
        {
            await ProblemAnswer.WriteAsync(context, "name_taken", $"There are {RecordsLimits.MaxWebhooks} webhooks already. Remove one first.").ConfigureAwait(false);
        }
    }

    private async Task ChangeAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "url", "types", "description", "enabled").ConfigureAwait(false);
        var url = body.Text("url", WebhookLimits.MaxUrl, AllowedUrl);
        if (url is not null)
        {
            CheckUrl(body, url);
        }

        var types = Types(body);
        var description = body.Text("description", WebhookLimits.MaxDescription);
        var enabled = body.Flag("enabled");
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var changed = Webhooks.Change(
            IdOf(context),
            old => old with { Url = url ?? old.Url, Types = types ?? old.Types, Description = description ?? old.Description, Enabled = enabled ?? old.Enabled },
            caller.Name);
        await AnswerAsync(context, changed).ConfigureAwait(false);
    }

    private Task RemoveAsync(HttpContext context, Caller caller) =>
        Webhooks.Remove(IdOf(context), caller.Name) ? JsonAnswer.NoContentAsync(context) : NotFoundAsync(context);

    private Task RotateAsync(HttpContext context, Caller caller) => Webhooks.Rotate(IdOf(context), caller.Name) is { } changed
        ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, changed, WebhookJson.WriteWithSecret)
        : NotFoundAsync(context);

    private async Task TestAsync(HttpContext context, Caller caller)
    {
        if (Webhooks.Find(IdOf(context)) is not { } webhook)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"evt_test_{services.Time.GetUtcNow().ToUnixTimeMilliseconds()}");
        try
        {
            await services.Webhooks!.TellAsync(EventTypes.Test, webhook.Id, id, Encoding.UTF8.GetBytes("{}"), webhook.Id, context.RequestAborted).ConfigureAwait(false);
        }
        catch (WebhookQueueException full)
        {
            await ProblemAnswer.WriteAsync(context, DeliveryEndpoints.ProblemOf(full)).ConfigureAwait(false);
            return;
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, id, static (writer, id) =>
        {
            writer.WriteStartObject();
            writer.WriteString("event_id"u8, id);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>What receivers of callbacks and of channels' addresses check with.</summary>
    private Task SigningAsync(HttpContext context, Caller caller) => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, Webhooks.ServerSecret, static (writer, secret) =>
    {
        writer.WriteStartObject();
        writer.WriteString("secret"u8, secret);
        writer.WriteEndObject();
    });

    private static void CheckUrl(RequestObject body, string url)
    {
        if (!WebhookSet.TryUrl(url, out _))
        {
            body.Fail("invalid_url", "url", $"allowed is {AllowedUrl}");
        }
    }

    private static string[]? Types(RequestObject body)
    {
        if (body.Texts("types", WebhookLimits.MaxTypes) is not { } types)
        {
            return null;
        }

        if (types.Count == 0 || types.FirstOrDefault(type => !EventTypes.IsPattern(type)) is not null)
        {
            var wrong = types.FirstOrDefault(type => !EventTypes.IsPattern(type));
            body.Fail("invalid_value", "types", $"{(wrong is null ? "the list is empty" : $"there is no type '{(wrong.Length > 64 ? wrong[..64] : wrong)}'")}; allowed are *, message.*, alarm.*, {string.Join(", ", EventTypes.Known)}");
        }

        return [.. types.Distinct()];
    }

    private static Task AnswerAsync(HttpContext context, WebhookRecord? webhook) => webhook is null
        ? NotFoundAsync(context)
        : JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, webhook, WebhookJson.Write);

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static Task NotFoundAsync(HttpContext context) => ProblemAnswer.WriteAsync(context, "not_found", "There is no such webhook. /v1/webhooks lists them.");
}
