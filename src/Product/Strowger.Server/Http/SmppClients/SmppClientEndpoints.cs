using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.SmppClients;

/// <summary>Who may bind to the SMPP door, and how they stand: listed, added, changed and removed while others are bound.</summary>
internal sealed class SmppClientEndpoints(HttpServices services)
{
    private const string Path = "/v1/smpp/clients";
    private const string OnePath = Path + "/{system_id}";

    private readonly SmppClientChanges _changes = new(services);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.ChannelsRead, ListAsync),
        new("GET", OnePath, Rights.ChannelsRead, (context, _) => AnswerAsync(context, IdOf(context), StatusCodes.Status200OK)),
        new("POST", Path, Rights.ChannelsWrite, AddAsync),
        new("PATCH", OnePath, Rights.ChannelsWrite, ChangeAsync),
        new("DELETE", OnePath, Rights.ChannelsWrite, RemoveAsync),
    ];

    private Task ListAsync(HttpContext context, Caller caller) =>
        PageAnswer.ListAsync(context, services.SmppDoor?.Clients ?? [], static client => client.Settings.SystemId, SmppClientView.Write);

    private async Task AddAsync(HttpContext context, Caller caller)
    {
        var (body, problem) = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        string? systemId = null;
        if (problem is null)
        {
            (systemId, problem) = await _changes.AddAsync(body, caller.Name, context.RequestAborted).ConfigureAwait(false);
        }

        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.Location = $"{Path}/{systemId}";
        await AnswerAsync(context, systemId!, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext context, Caller caller)
    {
        var systemId = IdOf(context);
        var (body, problem) = _changes.IsKept(systemId) ? await RequestBody.ReadAsync(context).ConfigureAwait(false) : ([], SmppClientChanges.NotFound(systemId));
        problem ??= await _changes.ChangeAsync(systemId, body, caller.Name, context.RequestAborted).ConfigureAwait(false);
        await (problem is null ? AnswerAsync(context, systemId, StatusCodes.Status200OK) : ProblemAnswer.WriteAsync(context, problem)).ConfigureAwait(false);
    }

    private async Task RemoveAsync(HttpContext context, Caller caller)
    {
        var problem = await _changes.RemoveAsync(IdOf(context), caller.Name).ConfigureAwait(false);
        await (problem is null ? JsonAnswer.NoContentAsync(context) : ProblemAnswer.WriteAsync(context, problem)).ConfigureAwait(false);
    }

    private Task AnswerAsync(HttpContext context, string systemId, int status) => services.SmppDoor?.Find(systemId) is { } client
        ? JsonAnswer.WriteAsync(context, status, client, SmppClientView.Write)
        : ProblemAnswer.WriteAsync(context, SmppClientChanges.NotFound(systemId));

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["system_id"]!;
}
