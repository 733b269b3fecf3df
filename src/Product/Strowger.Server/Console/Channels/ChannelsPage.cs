using System.Text;
using System.Text.Json.Nodes;
using Strowger.Features.Access;
using Strowger.Features.Messaging.Channels;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Channels;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/channels</c>: do we get what we pay for, and on which bind not? Width and rate are changed while texts go out.</summary>
internal sealed class ChannelsPage(ConsoleServices services, LiveFeed feed)
{
    private readonly ChannelChanges _changes = new(services.Http);
    private readonly ChannelTest _test = new(services.Http);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/channels", ListAsync),
        ConsoleRoute.Get("/channels/add", Role.Operator, v => v.ShowAsync<ChannelFormView>(ChannelForm.New)),
        ConsoleRoute.Post("/channels/add", Role.Operator, AddAsync),
        ConsoleRoute.Get("/channels/{name}", OneAsync),
        ConsoleRoute.Post("/channels/{name}/change", Role.Operator, ChangeAsync),
        ConsoleRoute.Get("/channels/{name}/settings", Role.Operator, ShowSettingsAsync),
        ConsoleRoute.Post("/channels/{name}/settings", Role.Operator, SettingsAsync),
        ConsoleRoute.Post("/channels/{name}/pause", Role.Operator, v => PauseAsync(v, isPaused: true)),
        ConsoleRoute.Post("/channels/{name}/resume", Role.Operator, v => PauseAsync(v, isPaused: false)),
        ConsoleRoute.Post("/channels/{name}/test", Role.Operator, TestAsync),
        ConsoleRoute.Post("/channels/{name}/remove", Role.Operator, RemoveAsync),
    ];

    private Task ListAsync(Visit visit) =>
        visit.ShowAsync<ChannelsView>(new ChannelsModel { Sentence = ChannelSentence.Of(visit.T, Flows), Channels = Flows });

    private Task OneAsync(Visit visit) => ShowOneAsync(visit, null);

    private async Task ShowOneAsync(Visit visit, TestResult? test)
    {
        var name = visit.Route("name");
        if (services.Messaging.Channels.Find(name) is not { } channel)
        {
            await MissingAsync(visit);
            return;
        }

        await visit.ShowAsync<ChannelDetail>(new ChannelModel
        {
            Channel = channel,
            Flow = Flows.FirstOrDefault(f => f.Name == name) ?? new ChannelFlow { Name = name, State = channel.State.State },
            Test = test,
            Changes = [.. services.Http.Settings.Audit.List(200).Where(a => a.Subject == name && a.Action.StartsWith("channel.", StringComparison.Ordinal)).Take(8)],
        });
    }

    private IReadOnlyList<ChannelFlow> Flows => feed.Newest.Flow?.Channels ?? [];

    private async Task AddAsync(Visit visit)
    {
        var form = ChannelFormReader.Read(visit, ChannelForm.New, visit.Field("kind") != "discard", out var wanted);
        var (name, problem) = form.HasErrors ? (null, null) : await _changes.AddAsync(FormJson.Bytes(wanted), visit.Who);
        await (name is null
            ? visit.ShowAsync<ChannelFormView>(form.Fail(visit.T, problem), StatusCodes.Status422UnprocessableEntity)
            : visit.GoAsync(PathOf(name), Notice.Done(visit.T["{0} was added. Test it: the carrier is asked to take a text.", name])));
    }

    /// <summary>All settings of one, as they are kept: also of one that cannot run as it is.</summary>
    private async Task ShowSettingsAsync(Visit visit)
    {
        if (Kept(visit) is { } kept)
        {
            await visit.ShowAsync<ChannelFormView>(ChannelForm.Of(kept));
            return;
        }

        await MissingAsync(visit);
    }

    private async Task SettingsAsync(Visit visit)
    {
        if (Kept(visit) is not { } kept)
        {
            await MissingAsync(visit);
            return;
        }

        var form = ChannelFormReader.Read(visit, ChannelForm.Of(kept), kept.Kind == ChannelKind.Smpp, out var wanted);
        var problem = form.HasErrors ? null : await _changes.ChangeAsync(kept.Name, FormJson.Bytes(wanted), visit.Who);
        await (form.HasErrors || problem is not null
            ? visit.ShowAsync<ChannelFormView>(form.Fail(visit.T, problem), StatusCodes.Status422UnprocessableEntity)
            : visit.GoAsync(PathOf(kept.Name), Notice.Done(visit.T["{0} was changed; it counts from now on.", kept.Name])));
    }

    private ChannelConfiguration? Kept(Visit visit) => services.Http.Settings.Channels.List().FirstOrDefault(c => c.Name == visit.Route("name")) is { } kept
        ? ChannelJson.Parse(Encoding.UTF8.GetBytes(kept.SettingsJson), kept.Name, out _) : null;

    private static Task MissingAsync(Visit visit) => visit.NotFoundAsync(visit.T["There is no channel {0}; it may have been removed.", visit.Route("name")]);

    private async Task ChangeAsync(Visit visit)
    {
        var wanted = new JsonObject();
        var name = visit.Route("name");
        var problem = FormJson.Numbers(visit, wanted, "rate", "binds", "window", "price");
        FormJson.Emptied(visit, wanted, "rate", "price");
        problem ??= Told(visit, await _changes.ChangeAsync(name, FormJson.Bytes(wanted), visit.Who));
        await visit.GoAsync(PathOf(name), problem is null ? Notice.Done(visit.T["{0} was changed; it counts from now on.", name]) : Notice.Failed(problem));
    }

    private async Task PauseAsync(Visit visit, bool isPaused)
    {
        var name = visit.Route("name");
        var problem = await _changes.ChangeAsync(name, FormJson.Bytes(new JsonObject { ["paused"] = isPaused }), visit.Who);
        var done = isPaused ? visit.T["{0} is paused: nothing is sent over it until it is resumed; what comes for it waits.", name] : visit.T["{0} was resumed.", name];
        await visit.GoAsync(visit.Field("back") == "list" ? "/channels" : PathOf(name), problem is null ? Notice.Done(done) : Notice.Failed(Told(visit, problem)!));
    }

    private async Task TestAsync(Visit visit)
    {
        if (services.Messaging.Channels.Find(visit.Route("name")) is not { } channel)
        {
            await MissingAsync(visit);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(visit.Cancel, services.Stopping);
        var to = visit.Field("to");
        var test = await _test.TryAsync(channel, to is null ? null : NumberInput.Plain(to), null, null, ended.Token);
        await ShowOneAsync(visit, test);
    }

    private async Task RemoveAsync(Visit visit)
    {
        var name = visit.Route("name");
        if (visit.Field("confirm") != name)
        {
            await visit.GoAsync(PathOf(name), Notice.Failed(visit.T["Nothing was removed: type the channel's name to confirm."]));
            return;
        }

        var problem = await _changes.RemoveAsync(name, visit.Who);
        await visit.GoAsync("/channels", problem is null ? Notice.Done(visit.T["{0} was removed. What waits for its numbers goes over the channels that are left.", name]) : Notice.Failed(Told(visit, problem)!));
    }

    private static string? Told(Visit visit, Problem? problem) => problem is null ? null : visit.T.Told(problem.Detail);

    private static string PathOf(string name) => "/channels/" + Uri.EscapeDataString(name);
}
