using System.Globalization;
using System.Text.Json.Nodes;
using Strowger.Features.Access;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.SmppClients;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/smpp</c>: who binds to us, do their texts come in, and what was refused?</summary>
internal sealed class SmppClientsPage(ConsoleServices services)
{
    private const string Path = "/settings/smpp";
    private const string OnePath = Path + "/{id}";

    private readonly SmppClientChanges _changes = new(services.Http);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, Role.Operator, visit => ShowAsync(visit, null)),
        ConsoleRoute.Post(Path, Role.Admin, AddAsync),
        ConsoleRoute.Get(OnePath, Role.Operator, visit => ShowOneAsync(visit, null)),
        ConsoleRoute.Post(OnePath + "/change", Role.Admin, ChangeAsync),
        ConsoleRoute.Post(OnePath + "/remove", Role.Admin, RemoveAsync),
    ];

    public static string PathOf(string systemId) => Path + "/" + Uri.EscapeDataString(systemId);

    private Task ShowAsync(Visit visit, string? problem)
    {
        var clients = services.Http.SmppDoor?.Clients ?? [];
        return visit.ShowAsync<SmppClientsView>(
            new SmppClientsModel
            {
                Sentence = SmppClientsSentence.Of(visit.T, services.Http.SmppDoor is not null, clients),
                HasDoor = services.Http.SmppDoor is not null,
                Clients = clients,
                Problem = problem,
                Values = problem is null ? [] : ValuesOf(visit),
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task ShowOneAsync(Visit visit, string? problem)
    {
        var systemId = visit.Route("id");
        if (services.Http.SmppDoor?.Find(systemId) is not { } client)
        {
            await visit.NotFoundAsync(visit.T["There is no client {0}; it may have been removed.", systemId]);
            return;
        }

        await visit.ShowAsync<SmppClientDetail>(
            new SmppClientModel { Client = client, Problem = problem, Values = problem is null ? ValuesOf(client.Settings) : ValuesOf(visit) },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task AddAsync(Visit visit)
    {
        var wanted = Read(visit, out var problem);
        FormJson.Texts(visit, wanted, "system_id");
        string? systemId = null;
        if (problem is null)
        {
            (systemId, var refused) = await _changes.AddAsync(FormJson.Bytes(wanted), visit.Who, visit.Cancel);
            problem = Told(visit, refused);
        }

        await (problem is null ? visit.GoAsync(Path, Notice.Done(visit.T["{0} may bind now.", systemId])) : ShowAsync(visit, problem));
    }

    private async Task ChangeAsync(Visit visit)
    {
        var systemId = visit.Route("id");
        var wanted = Read(visit, out var problem);
        FormJson.Emptied(visit, wanted, "rate", "binds", "window", "allow", "channel", "numbers");
        problem ??= Told(visit, await _changes.ChangeAsync(systemId, FormJson.Bytes(wanted), visit.Who, visit.Cancel));
        await (problem is null ? visit.GoAsync(PathOf(systemId), Notice.Done(visit.T["{0} was changed; it counts from now on.", systemId])) : ShowOneAsync(visit, problem));
    }

    private async Task RemoveAsync(Visit visit)
    {
        var systemId = visit.Route("id");
        var problem = await _changes.RemoveAsync(systemId, visit.Who);
        await visit.GoAsync(Path, problem is null ? Notice.Done(visit.T["{0} was removed: its binds are ended, what it handed in goes on.", systemId]) : Notice.Failed(visit.T["There is no client {0}; it may have been removed.", systemId]));
    }

    private static JsonObject Read(Visit visit, out string? problem)
    {
        var wanted = new JsonObject();
        problem = FormJson.Numbers(visit, wanted, "rate", "binds", "window");
        FormJson.Texts(visit, wanted, "channel", "priority");
        FormJson.Lists(visit, wanted, "allow", "numbers");

        // A password may begin or end with a blank.
        if (visit.Context.Request.Form["password"].ToString() is { Length: > 0 } password)
        {
            wanted["password"] = password;
        }

        return wanted;
    }

    private static string? Told(Visit visit, Problem? problem) => problem is null ? null : visit.T.Told(problem.Detail);

    private static Dictionary<string, string> ValuesOf(Visit visit) =>
        visit.Context.Request.Form.Where(field => field.Key != "password").ToDictionary(field => field.Key, field => field.Value.ToString());

    private static Dictionary<string, string> ValuesOf(DoorClientSettings settings) => new()
    {
        ["rate"] = settings.Rate?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["binds"] = settings.Binds.ToString(CultureInfo.InvariantCulture),
        ["window"] = settings.Window.ToString(CultureInfo.InvariantCulture),
        ["allow"] = string.Join(" ", settings.Allow),
        ["channel"] = settings.Channel ?? "",
        ["priority"] = settings.Priority.ToString().ToLowerInvariant(),
        ["numbers"] = string.Join(" ", settings.Numbers),
    };
}

/// <summary>All clients, and what was typed when it could not be done.</summary>
public sealed record SmppClientsModel
{
    public required Sentence Sentence { get; init; }

    /// <summary>False: nobody can bind.</summary>
    public required bool HasDoor { get; init; }

    public required IReadOnlyList<DoorClientInfo> Clients { get; init; }

    public string? Problem { get; init; }

    public required Dictionary<string, string> Values { get; init; }
}

/// <summary>One client, and its settings as the form shows them.</summary>
public sealed record SmppClientModel
{
    public required DoorClientInfo Client { get; init; }

    public string? Problem { get; init; }

    public required Dictionary<string, string> Values { get; init; }
}
