using Strowger.Features.Access;
using Strowger.Features.Messaging.Channels;
using Strowger.Records.Settings;
using Strowger.Server.Composition;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Channels;

/// <summary>Channels: added, changed and removed while texts wait. What is kept is written first, then put to work.</summary>
internal sealed class ChannelEndpoints
{
    private const string Path = "/v1/channels";
    private const string OnePath = Path + "/{name}";

    private readonly HttpServices _services;
    private readonly ChannelView _view;
    private readonly ChannelTest _test;

    /// <summary>Changes take turns: each reads what is kept and writes it anew. A task in a chain rather than a lock, for it awaits.</summary>
    private Task _last = Task.CompletedTask;
    private readonly Lock _turn = new();

    public ChannelEndpoints(HttpServices services)
    {
        _services = services;
        _view = new ChannelView(services);
        _test = new ChannelTest(services);
    }

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.ChannelsRead, ListAsync),
        new("GET", OnePath, Rights.ChannelsRead, GetAsync),
        new("POST", Path, Rights.ChannelsWrite, (context, caller) => InTurnAsync(() => AddAsync(context, caller))),
        new("PATCH", OnePath, Rights.ChannelsWrite, (context, caller) => InTurnAsync(() => ChangeAsync(context, caller))),
        new("DELETE", OnePath, Rights.ChannelsWrite, (context, caller) => InTurnAsync(() => RemoveAsync(context, caller))),
        new("POST", OnePath + "/test", Rights.ChannelsWrite, TestAsync),
    ];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var after = query.Text("cursor");
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        // In the order in which they were configured, which is the order in which routes prefer them.
        var all = _services.Messaging.Channels.All;
        var from = after is null ? 0 : all.TakeWhile(channel => channel.Name != after).Count() + 1;
        var rows = all.Skip(from).Take(limit).ToArray();
        return PageAnswer.WriteAsync(context, rows, from + rows.Length < all.Count ? rows[^1].Name : null, _view.Write);
    }

    private Task GetAsync(HttpContext context, Caller caller) => Find(context) is { } channel
        ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, channel, _view.Write)
        : NotFoundAsync(context);

    private async Task AddAsync(HttpContext context, Caller caller)
    {
        var (body, problem) = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        var channel = problem is null ? ChannelPatch.ReadNew(body, out problem) : null;
        if (channel is null)
        {
            await ProblemAnswer.WriteAsync(context, problem!).ConfigureAwait(false);
            return;
        }

        var isTaken = _services.Messaging.Channels.Find(channel.Name) is not null;
        if (!isTaken && _services.Messaging.Channels.Check(MessagingParts.ToSettings(channel)) is { } impossible)
        {
            await ProblemAnswer.WriteAsync(context, Problem.Of(impossible)).ConfigureAwait(false);
            return;
        }

        if (isTaken || !_services.Settings.Channels.Add(channel.Name, KindOf(channel), ChannelJson.ToText(channel), caller.Name))
        {
            await ProblemAnswer.WriteAsync(context, "name_taken", $"There is a channel '{channel.Name}' already. Change it with PATCH {Path}/{channel.Name}, or take another name.", "name").ConfigureAwait(false);
            return;
        }

        await _services.Messaging.Channels.AddAsync(MessagingParts.ToSettings(channel)).ConfigureAwait(false);
        context.Response.Headers.Location = $"{Path}/{channel.Name}";
        await AnswerAsync(context, channel.Name, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext context, Caller caller)
    {
        // One that is kept and cannot run may be changed until it can.
        if (Kept(NameOf(context)) is not { } kept)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        var (body, problem) = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        var channel = problem is null ? ChannelPatch.ReadChange(kept.SettingsJson, body, out problem) : null;
        if (channel is null)
        {
            await ProblemAnswer.WriteAsync(context, problem!).ConfigureAwait(false);
            return;
        }

        var text = ChannelJson.ToText(channel);
        if (text != kept.SettingsJson || Find(context) is null)
        {
            var settings = MessagingParts.ToSettings(channel);
            if (_services.Messaging.Channels.Check(settings) is { } impossible)
            {
                await ProblemAnswer.WriteAsync(context, Problem.Of(impossible)).ConfigureAwait(false);
                return;
            }

            _services.Settings.Channels.Change(channel.Name, KindOf(channel), text, caller.Name);
            if (!await _services.Messaging.Channels.ChangeAsync(settings).ConfigureAwait(false))
            {
                await _services.Messaging.Channels.AddAsync(settings).ConfigureAwait(false);
            }
        }

        await AnswerAsync(context, channel.Name, StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private async Task RemoveAsync(HttpContext context, Caller caller)
    {
        var name = NameOf(context);
        var wasKept = _services.Settings.Channels.Remove(name, caller.Name);
        if (!await _services.Messaging.Channels.RemoveAsync(name).ConfigureAwait(false) && !wasKept)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        await JsonAnswer.NoContentAsync(context).ConfigureAwait(false);
    }

    private Task TestAsync(HttpContext context, Caller caller) =>
        Find(context) is { } channel ? _test.RunAsync(context, channel) : NotFoundAsync(context);

    private Task AnswerAsync(HttpContext context, string name, int status) => _services.Messaging.Channels.Find(name) is { } channel
        ? JsonAnswer.WriteAsync(context, status, channel, _view.Write)
        : NotFoundAsync(context);

    private async Task InTurnAsync(Func<Task> change)
    {
        Task before;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_turn)
        {
            before = _last;
            _last = done.Task;
        }

        await before.ConfigureAwait(false);
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
        }
    }

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private Channel? Find(HttpContext context) => _services.Messaging.Channels.Find(NameOf(context));

    private ChannelRecord? Kept(string name) => _services.Settings.Channels.List().FirstOrDefault(record => record.Name == name);

    private static string KindOf(ChannelConfiguration channel) => channel.Kind == ChannelKind.Smpp ? "smpp" : "discard";

    private static Task NotFoundAsync(HttpContext context) => ProblemAnswer.WriteAsync(
        context, "not_found", $"There is no channel '{context.Request.RouteValues["name"]}'. {Path} lists them.");
}
