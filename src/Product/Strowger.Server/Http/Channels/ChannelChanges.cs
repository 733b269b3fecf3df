using Strowger.Records.Settings;
using Strowger.Server.Composition;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Channels;

/// <summary>Channels added, changed and removed while texts wait, for the API and the console. What is kept is written first, then put to work.</summary>
internal sealed class ChannelChanges(HttpServices services)
{
    private static readonly SettingsPatch<ChannelConfiguration> _patch = new()
    {
        Parse = static (ReadOnlySpan<byte> json, string source, bool _, out IReadOnlyList<ConfigurationProblem> problems) => ChannelJson.Parse(json, source, out problems),
        Example = """{"name": "a", "kind": "discard"}""",
        Frozen = ["name", "kind"],
        Either = ("password", "passwordfile"),
    };

    /// <returns>The new channel's name, or what is wrong.</returns>
    public Task<(string? Name, Problem? Problem)> AddAsync(ReadOnlyMemory<byte> json, string who) => services.ChannelTurns.RunAsync(async () =>
    {
        if (_patch.ReadNew(json.Span, out var problem) is not { } channel)
        {
            return ((string?)null, problem);
        }

        var isTaken = services.Messaging.Channels.Find(channel.Name) is not null;
        if (!isTaken && services.Messaging.Channels.Check(MessagingParts.ToSettings(channel)) is { } impossible)
        {
            return (null, Problem.Of(impossible));
        }

        if (isTaken || !services.Settings.Channels.Add(channel.Name, KindOf(channel), ChannelJson.ToText(channel), who))
        {
            return (null, Problem.Of("name_taken", $"There is a channel '{channel.Name}' already. Change it with PATCH /v1/channels/{channel.Name}, or take another name.", "name"));
        }

        await services.Messaging.Channels.AddAsync(MessagingParts.ToSettings(channel)).ConfigureAwait(false);
        return (channel.Name, null);
    });

    /// <returns>Null when it is done.</returns>
    public Task<Problem?> ChangeAsync(string name, ReadOnlyMemory<byte> json, string who) => services.ChannelTurns.RunAsync<Problem?>(async () =>
    {
        // One that is kept and cannot run may be changed until it can.
        if (Kept(name) is not { } kept)
        {
            return NotFound(name);
        }

        if (_patch.ReadChange(kept.SettingsJson, json.Span, out var problem) is not { } channel)
        {
            return problem;
        }

        var text = ChannelJson.ToText(channel);
        if (text != kept.SettingsJson || services.Messaging.Channels.Find(name) is null)
        {
            var settings = MessagingParts.ToSettings(channel);
            if (services.Messaging.Channels.Check(settings) is { } impossible)
            {
                return Problem.Of(impossible);
            }

            services.Settings.Channels.Change(channel.Name, KindOf(channel), text, who);
            if (!await services.Messaging.Channels.ChangeAsync(settings).ConfigureAwait(false))
            {
                await services.Messaging.Channels.AddAsync(settings).ConfigureAwait(false);
            }
        }

        return null;
    });

    /// <returns>Null when it is done.</returns>
    public Task<Problem?> RemoveAsync(string name, string who) => services.ChannelTurns.RunAsync<Problem?>(async () =>
    {
        var wasKept = services.Settings.Channels.Remove(name, who);
        return await services.Messaging.Channels.RemoveAsync(name).ConfigureAwait(false) || wasKept ? null : NotFound(name);
    });

    public bool IsKept(string name) => Kept(name) is not null;

    public static Problem NotFound(string name) => Problem.Of("not_found", $"There is no channel '{name}'. /v1/channels lists them.");

    private ChannelRecord? Kept(string name) => services.Settings.Channels.List().FirstOrDefault(record => record.Name == name);

    private static string KindOf(ChannelConfiguration channel) => channel.Kind == ChannelKind.Smpp ? "smpp" : "discard";
}
