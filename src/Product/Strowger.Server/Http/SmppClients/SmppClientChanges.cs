using Strowger.Features.Access;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Records.Settings;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.SmppClients;

/// <summary>
/// Clients of the SMPP door added, changed and removed while others are bound, for the API and the console. What is kept is written first, then
/// put to work. A password is kept as its hash; that of a client of the configuration file stays there until the client is changed.
/// </summary>
internal sealed class SmppClientChanges(HttpServices services)
{
    private static readonly SettingsPatch<SmppClientConfiguration> _patch = new()
    {
        Parse = SmppClientJson.Parse,
        Example = """{"system_id": "shop", "password": "..."}""",
        Frozen = ["systemid"],
        Hidden = ["passwordhash", "passwordfile"],
        Either = ("password", "passwordhash"),
    };

    /// <returns>The new client's SystemId, or what is wrong.</returns>
    public Task<(string? SystemId, Problem? Problem)> AddAsync(ReadOnlyMemory<byte> json, string who, CancellationToken cancel) => services.SmppClientTurns.RunAsync(async () =>
    {
        if (services.SmppDoor is not { } door)
        {
            return ((string?)null, (Problem?)NoDoor());
        }

        if (_patch.ReadNew(json.Span, out var problem) is not { } wanted)
        {
            return (null, problem);
        }

        var client = wanted with { Password = null, PasswordHash = await ProgramSecrets.HashAsync(wanted.Password!, cancel).ConfigureAwait(false) };
        var settings = client.ToSettings();
        var isTaken = door.Find(client.SystemId) is not null;
        if (!isTaken && door.Check(settings) is { } impossible)
        {
            return (null, Problem.Of(impossible));
        }

        if (isTaken || !services.Settings.SmppClients.Add(client.SystemId, SmppClientJson.ToText(client), who))
        {
            return (null, Problem.Of("name_taken", $"There is a client '{client.SystemId}' already. Change it with PATCH /v1/smpp/clients/{client.SystemId}, or take another name.", "system_id"));
        }

        await door.AddAsync(settings).ConfigureAwait(false);
        return (client.SystemId, null);
    });

    /// <returns>Null when it is done.</returns>
    public Task<Problem?> ChangeAsync(string systemId, ReadOnlyMemory<byte> json, string who, CancellationToken cancel) => services.SmppClientTurns.RunAsync<Problem?>(async () =>
    {
        // One that is kept and cannot bind may be changed until it can.
        if (Kept(systemId) is not { } kept || services.SmppDoor is not { } door)
        {
            return NotFound(systemId);
        }

        if (_patch.ReadChange(kept.SettingsJson, json.Span, out var problem) is not { } wanted)
        {
            return problem;
        }

        var running = door.Find(systemId)?.Settings;
        if (running is not null && wanted.Password is null && SmppClientJson.ToText(wanted) == kept.SettingsJson)
        {
            return null;
        }

        // From now on what is kept here counts, also for the password.
        if (wanted.PasswordHash is null && (wanted.Password ?? running?.Password) is not { })
        {
            return Problem.Of("missing_field", "password: it is missing: what the client binds with.", "password");
        }

        var client = wanted with { Password = null, PasswordHash = wanted.PasswordHash ?? await ProgramSecrets.HashAsync(wanted.Password ?? running!.Password!, cancel).ConfigureAwait(false) };
        var settings = client.ToSettings() with { Password = wanted.Password is null ? running?.Password : null };
        if (door.Check(settings) is { } impossible)
        {
            return Problem.Of(impossible);
        }

        services.Settings.SmppClients.Change(systemId, SmppClientJson.ToText(client), who);
        if (!await door.ChangeAsync(settings).ConfigureAwait(false))
        {
            await door.AddAsync(settings).ConfigureAwait(false);
        }

        return null;
    });

    /// <returns>Null when it is done.</returns>
    public Task<Problem?> RemoveAsync(string systemId, string who) => services.SmppClientTurns.RunAsync<Problem?>(async () =>
    {
        var wasKept = services.Settings.SmppClients.Remove(systemId, who);
        var wasThere = services.SmppDoor is { } door && await door.RemoveAsync(systemId).ConfigureAwait(false);
        return wasKept || wasThere ? null : NotFound(systemId);
    });

    public bool IsKept(string systemId) => Kept(systemId) is not null;

    public static Problem NotFound(string systemId) => Problem.Of("not_found", $"There is no client '{systemId}'. /v1/smpp/clients lists them.");

    private static Problem NoDoor() => Problem.Of("not_possible_now", "There is no SMPP door on this server: set Smpp:Listen and start it again.");

    private SmppClientRecord? Kept(string systemId) => services.Settings.SmppClients.List().FirstOrDefault(record => record.SystemId == systemId);
}
