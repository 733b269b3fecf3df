using System.Globalization;
using System.Text;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Server.Http;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/messages</c>: where is this text, and whose fault is it?</summary>
internal sealed class MessagesPage(ConsoleServices services, LiveFeed feed)
{
    private readonly Shares _shares = new(services.Http.Settings, services.Time);
    private readonly Lag _lag = new(services.Http);
    private readonly MessageEvidence _evidence = new(services);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/messages", ListAsync),
        ConsoleRoute.Get("/messages/{id}", OneAsync),
        ConsoleRoute.Get("/messages/{id}/evidence", EvidenceAsync),
        ConsoleRoute.Post("/messages/{id}/resend", Role.Support, ResendAsync),
        ConsoleRoute.Post("/messages/{id}/share", Role.Support, ShareAsync),
        ConsoleRoute.Post("/messages/{id}/cancel", Role.Operator, CancelAsync),
    ];

    /// <summary>The page behind a shared link, which needs no session.</summary>
    public void MapShared(IEndpointRouteBuilder routes) => routes.MapGet("/share/{token}", SharedAsync);

    private Task ListAsync(Visit visit)
    {
        var search = MessageQuery.Read(visit);
        if (search.Id is { } id && services.Messaging.Find(id) is not null)
        {
            return visit.GoAsync("/messages/" + id);
        }

        var page = search.Id is null ? services.Http.Lists.List(search.Filter, visit.Cancel) : new MessagePage([], null);
        // What is not among the rows looked at may be among older ones: then this search goes on.
        while (page.Rows.Count == 0 && page.NextBefore is null && search.Wider is { } wider)
        {
            search = wider;
            page = services.Http.Lists.List(search.Filter, visit.Cancel);
        }

        return visit.ShowAsync<MessagesView>(new MessagesModel
        {
            Search = search,
            Page = page,
            Lag = _lag.Of("messages"),
            Counts = search.IsAll ? services.Http.Lists.StatusCounts(channel: search.Filter.Channel, ct: visit.Cancel) : [],
            Channels = [.. services.Messaging.Channels.All.Select(c => c.Name)],
        });
    }

    private Task OneAsync(Visit visit) => Find(visit.Route("id")) is { } message
        ? visit.ShowAsync<MessageDetail>(ModelOf(visit.T, message))
        : NotFoundAsync(visit);

    private MessageModel ModelOf(Language t, MessageView message) =>
        new() { Message = message, Answer = new MessageAnswer(services.Messaging, feed.Newest.Flow, t).Of(message), HandedInBy = HandedInBy(t, message) };

    /// <summary>A key by its name while there is one of its number; what other doors call their callers as it is.</summary>
    private string? HandedInBy(Language t, MessageView message)
    {
        if (message.Account is not { Length: > 0 } account)
        {
            return null;
        }

        return !long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? account
            : services.Http.Keys.List().FirstOrDefault(key => key.Id == number) is { } known ? t["key {0}", known.Name]
            : t["a key that was removed (number {0})", account];
    }

    private Task EvidenceAsync(Visit visit)
    {
        if (Find(visit.Route("id")) is not { } message)
        {
            return NotFoundAsync(visit);
        }

        var response = visit.Context.Response;
        ConsoleAssets.AddHeaders(response);
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"evidence-{message.Id}.txt\"";
        return response.WriteAsync(_evidence.Of(message, visit.Cancel), Encoding.UTF8, visit.Cancel);
    }

    private async Task ResendAsync(Visit visit)
    {
        if (!MessageId.TryParse(visit.Route("id"), out var id) || await services.Messaging.ResendAsync(id, default, CancellationToken.None) is not { } result)
        {
            await NotFoundAsync(visit);
            return;
        }

        if (result.Error is { } error)
        {
            await visit.GoAsync("/messages/" + id, Notice.Failed(visit.T.Told(error.Detail)));
            return;
        }

        services.Http.Settings.Audit.Add(visit.Who, "message.resend", id.ToString(), null, result.Id.ToString());
        await visit.GoAsync("/messages/" + result.Id, Notice.Done(visit.T["Sent again under a new id. The first one stays as it is: {0}", id]));
    }

    private async Task CancelAsync(Visit visit)
    {
        if (!MessageId.TryParse(visit.Route("id"), out var id) || await services.Messaging.CancelAsync(id, CancellationToken.None) is not { } message)
        {
            await NotFoundAsync(visit);
            return;
        }

        services.Http.Settings.Audit.Add(visit.Who, "message.cancel", id.ToString(), null, message.Status.ToText());
        await visit.GoAsync("/messages/" + id, message.Status == MessageStatus.Cancelled
            ? Notice.Done(visit.T["It was cancelled before it left."])
            : Notice.Failed(visit.T["Too late: it is {0}. Only what still waits can be cancelled.", visit.T[message.Status.ToText()]]));
    }

    private Task ShareAsync(Visit visit)
    {
        if (Find(visit.Route("id")) is not { } message)
        {
            return NotFoundAsync(visit);
        }

        var token = _shares.Create(message.Id.ToString(), visit.Who);
        var origin = (services.Http.PublicUrl() ?? $"{visit.Context.Request.Scheme}://{visit.Context.Request.Host}").TrimEnd('/');
        return visit.ShowAsync<MessageDetail>(ModelOf(visit.T, message) with { ShareLink = $"{origin}/share/{token}" });
    }

    private async Task SharedAsync(HttpContext context, string token)
    {
        var t = Language.Of(context);
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        var share = _shares.Find(token);
        var message = share is null ? null : Find(share.Subject);
        var model = new SharedModel { T = t, Assets = services.Assets, Message = message is null ? null : ModelOf(t, message), ExpiresAt = share?.ExpiresAt };
        await ConsoleHtml.WriteAsync<SharedView>(context, message is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK, new Dictionary<string, object?> { ["Model"] = model });
    }

    private MessageView? Find(string id) => MessageId.TryParse(id, out var parsed) ? services.Messaging.Find(parsed) : null;

    private static Task NotFoundAsync(Visit visit) =>
        visit.NotFoundAsync(visit.T["There is no such message, or its history is past its retention."]);
}
