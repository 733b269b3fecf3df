using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Strowger.Features.Access;
using Strowger.Features.Messaging.Channels;
using Strowger.Server.Http.Channels;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/channels</c>: do we get what we pay for, and on which bind not? Width and rate are changed while texts go out.</summary>
internal sealed class ChannelsPage(ConsoleServices services, LiveFeed feed)
{
    /// <summary>Fields of a change that take their setting away when they are emptied.</summary>
    private static readonly string[] _mayBeEmpty = ["rate", "price"];

    private readonly ChannelChanges _changes = new(services.Http);
    private readonly ChannelTest _test = new(services.Http);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/channels", ListAsync),
        ConsoleRoute.Get("/channels/add", Role.Operator, v => v.ShowAsync<ChannelAddView>(new ChannelAddModel())),
        ConsoleRoute.Post("/channels/add", Role.Operator, AddAsync),
        ConsoleRoute.Get("/channels/{name}", OneAsync),
        ConsoleRoute.Post("/channels/{name}/change", Role.Operator, ChangeAsync),
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
            await visit.NotFoundAsync(visit.T["There is no channel {0}; it may have been removed.", name]);
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
        var wanted = new JsonObject();
        Text(visit, wanted, "name", "kind", "host", "system_id", "password", "system_type");
        var problem = Numbers(visit, wanted, "port", "binds", "window", "rate", "price");
        if (visit.Field("prefixes") is { } prefixes)
        {
            wanted["prefixes"] = new JsonArray([.. prefixes.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(p => (JsonNode)p)]);
        }

        var name = "";
        if (problem is null)
        {
            (var added, var refused) = await _changes.AddAsync(Bytes(wanted), visit.Who);
            (name, problem) = (added, refused?.Detail);
        }

        if (problem is not null)
        {
            await visit.ShowAsync<ChannelAddView>(new ChannelAddModel { Problem = problem, Values = visit.Context.Request.Form.ToDictionary(f => f.Key, f => f.Value.ToString()) }, StatusCodes.Status422UnprocessableEntity);
            return;
        }

        await visit.GoAsync(PathOf(name!), Notice.Done(visit.T["{0} was added. Test it: the carrier is asked to take a text.", name!]));
    }

    private async Task ChangeAsync(Visit visit)
    {
        var wanted = new JsonObject();
        var name = visit.Route("name");
        var problem = Numbers(visit, wanted, "rate", "binds", "window", "price");
        foreach (var emptied in _mayBeEmpty.Where(name => visit.Field(name) is null && visit.Context.Request.Form.ContainsKey(name)))
        {
            wanted[emptied] = null;
        }

        problem ??= (await _changes.ChangeAsync(name, Bytes(wanted), visit.Who))?.Detail;
        await visit.GoAsync(PathOf(name), problem is null ? Notice.Done(visit.T["{0} was changed; it counts from now on.", name]) : Notice.Failed(problem));
    }

    private async Task PauseAsync(Visit visit, bool isPaused)
    {
        var name = visit.Route("name");
        var problem = await _changes.ChangeAsync(name, Bytes(new JsonObject { ["paused"] = isPaused }), visit.Who);
        var done = isPaused ? visit.T["{0} is paused: nothing is sent over it until it is resumed; what comes for it waits.", name] : visit.T["{0} was resumed.", name];
        await visit.GoAsync(visit.Field("back") == "list" ? "/channels" : PathOf(name), problem is null ? Notice.Done(done) : Notice.Failed(problem.Detail));
    }

    private async Task TestAsync(Visit visit)
    {
        if (services.Messaging.Channels.Find(visit.Route("name")) is not { } channel)
        {
            await visit.NotFoundAsync(visit.T["There is no channel {0}; it may have been removed.", visit.Route("name")]);
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
        await visit.GoAsync("/channels", problem is null ? Notice.Done(visit.T["{0} was removed. What waits for its numbers goes over the channels that are left.", name]) : Notice.Failed(problem.Detail));
    }

    private static void Text(Visit visit, JsonObject wanted, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (visit.Field(name) is { } value)
            {
                wanted[name] = value;
            }
        }
    }

    /// <returns>What is no number.</returns>
    private static string? Numbers(Visit visit, JsonObject wanted, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (visit.Field(name) is { } text)
            {
                // People write a contract with blanks and with a comma.
                var plain = text.Replace(" ", "", StringComparison.Ordinal).Replace("\u202f", "", StringComparison.Ordinal).Replace(',', '.');
                if (!double.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
                {
                    return visit.T["{0} is not a number.", text];
                }

                wanted[name] = value == Math.Floor(value) && value < int.MaxValue ? (int)value : value;
            }
        }

        return null;
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static string PathOf(string name) => "/channels/" + Uri.EscapeDataString(name);
}
