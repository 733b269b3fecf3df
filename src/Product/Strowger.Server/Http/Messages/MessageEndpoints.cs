using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Sending;
using Strowger.Records.Messages;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Messages;

/// <summary>A message by its id: answered from the engine and the journal, true the moment it happens.</summary>
internal sealed class MessageEndpoints(HttpServices services)
{
    private const string Path = "/v1/messages/{id}";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.MessagesRead, GetAsync),
        new("DELETE", Path, Rights.MessagesWrite, CancelAsync),
        new("POST", Path + "/resend", Rights.MessagesWrite, ResendAsync),
    ];

    private Task GetAsync(HttpContext context, Caller caller) =>
        IdOf(context) is { } id && services.Messaging.Find(id) is { } message
            ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, message, MessageJson.Write)
            : NotFoundAsync(context);

    private async Task CancelAsync(HttpContext context, Caller caller)
    {
        if (IdOf(context) is not { } id || await services.Messaging.CancelAsync(id, CancellationToken.None).ConfigureAwait(false) is not { } message)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
        }
        else if (message.Status != MessageStatus.Cancelled)
        {
            await ProblemAnswer.WriteAsync(context, "not_cancellable", $"It is {message.Status.ToText()}. Only what still waits can be cancelled.").ConfigureAwait(false);
        }
        else
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, message, MessageJson.Write).ConfigureAwait(false);
        }
    }

    private async Task ResendAsync(HttpContext context, Caller caller)
    {
        IdempotencyKey key = default;
        if ((Readiness.NotReady(services) ?? RequestKey.Read(context, caller, out key)) is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
        else if (IdOf(context) is { } id && await services.Messaging.ResendAsync(id, key, CancellationToken.None, caller.Account).ConfigureAwait(false) is { } result)
        {
            await SendAnswer.WriteAsync(context, result, isDryRun: false).ConfigureAwait(false);
        }
        else
        {
            await NotFoundAsync(context).ConfigureAwait(false);
        }
    }

    private static MessageId? IdOf(HttpContext context) =>
        MessageId.TryParse((string?)context.Request.RouteValues["id"], out var id) ? id : null;

    private static Task NotFoundAsync(HttpContext context) => ProblemAnswer.WriteAsync(
        context, "not_found", "There is no such message, or its history is past its retention. An id looks like msg_0000000000001.");
}
