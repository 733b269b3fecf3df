using Strowger.Features.Access;
using Strowger.Features.Messaging.Channels;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Channels;

/// <summary>Channels: listed, added, changed, removed and tested while texts wait.</summary>
internal sealed class ChannelEndpoints
{
    private const string Path = "/v1/channels";
    private const string OnePath = Path + "/{name}";

    private readonly HttpServices _services;
    private readonly ChannelView _view;
    private readonly ChannelTest _test;

    private readonly ChannelChanges _changes;

    public ChannelEndpoints(HttpServices services)
    {
        _services = services;
        _view = new ChannelView(services);
        _test = new ChannelTest(services);
        _changes = new ChannelChanges(services);
    }

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.ChannelsRead, ListAsync),
        new("GET", OnePath, Rights.ChannelsRead, GetAsync),
        new("POST", Path, Rights.ChannelsWrite, AddAsync),
        new("PATCH", OnePath, Rights.ChannelsWrite, ChangeAsync),
        new("DELETE", OnePath, Rights.ChannelsWrite, RemoveAsync),
        new("POST", OnePath + "/test", Rights.ChannelsWrite, TestAsync),
    ];

    /// <summary>In the order in which they were configured, which is the order in which routes prefer them.</summary>
    private Task ListAsync(HttpContext context, Caller caller) => PageAnswer.ListAsync(context, _services.Messaging.Channels.All, static channel => channel.Name, _view.Write);

    private Task GetAsync(HttpContext context, Caller caller) => Find(context) is { } channel
        ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, channel, _view.Write)
        : NotFoundAsync(context);

    private async Task AddAsync(HttpContext context, Caller caller)
    {
        var (body, problem) = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        string? name = null;
        if (problem is null)
        {
            (name, problem) = await _changes.AddAsync(body, caller.Name).ConfigureAwait(false);
        }

        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.Location = $"{Path}/{name}";
        await AnswerAsync(context, name!, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext context, Caller caller)
    {
        var name = NameOf(context);
        if (!_changes.IsKept(name))
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        var (body, problem) = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        problem ??= await _changes.ChangeAsync(name, body, caller.Name).ConfigureAwait(false);
        await (problem is null ? AnswerAsync(context, name, StatusCodes.Status200OK) : ProblemAnswer.WriteAsync(context, problem)).ConfigureAwait(false);
    }

    private async Task RemoveAsync(HttpContext context, Caller caller)
    {
        var problem = await _changes.RemoveAsync(NameOf(context), caller.Name).ConfigureAwait(false);
        await (problem is null ? JsonAnswer.NoContentAsync(context) : ProblemAnswer.WriteAsync(context, problem)).ConfigureAwait(false);
    }

    private Task TestAsync(HttpContext context, Caller caller) =>
        Find(context) is { } channel ? _test.RunAsync(context, channel) : NotFoundAsync(context);

    private Task AnswerAsync(HttpContext context, string name, int status) => _services.Messaging.Channels.Find(name) is { } channel
        ? JsonAnswer.WriteAsync(context, status, channel, _view.Write)
        : NotFoundAsync(context);

    private Channel? Find(HttpContext context) => _services.Messaging.Channels.Find(NameOf(context));

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static Task NotFoundAsync(HttpContext context) => ProblemAnswer.WriteAsync(context, ChannelChanges.NotFound(NameOf(context)));
}
