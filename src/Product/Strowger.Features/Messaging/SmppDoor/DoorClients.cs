using Strowger.Engine;
using Strowger.Features.Access;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>A client and what delivers to it.</summary>
internal sealed record DoorMember(DoorClient Client, ClientDelivery Delivery);

/// <summary>Who may bind. Clients come, change and go while others are bound; whoever may not stay is told to unbind.</summary>
internal sealed class DoorClients : IDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);

    private readonly JobEngine _engine;
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile DoorMember[] _all;
    private volatile Dictionary<string, DoorMember> _byName;

    /// <param name="engine">Keeps what waits for them.</param>
    /// <param name="settings">Those there are at the start, checked.</param>
    public DoorClients(JobEngine engine, IEnumerable<DoorClientSettings> settings)
    {
        _engine = engine;
        _all = [.. settings.Select(Make)];
        _byName = ByName(_all);
    }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<DoorMember> All => _all;

    public ProgramSecrets Secrets { get; } = new();

    /// <summary>Called when there are others than before, or when they have other settings.</summary>
    public Action? Changed { get; set; }

    public DoorMember? Find(string systemId) => _byName.GetValueOrDefault(systemId);

    /// <summary>Why a client could not be added or changed so; null when it could. To be asked before the settings are kept.</summary>
    public RequestError? Check(DoorClientSettings settings) =>
        settings.ProblemBeside([.. _all.Select(member => member.Client.Settings).Where(other => other.SystemId != settings.SystemId)]);

    /// <returns>False when there is one of that SystemId.</returns>
    public Task<bool> AddAsync(DoorClientSettings settings) => InTurnAsync(() =>
    {
        if (Find(settings.SystemId) is not null)
        {
            return Task.FromResult(false);
        }

        Set([.. _all, Make(settings)]);
        return Task.FromResult(true);
    });

    /// <summary>Rate, window, channel, priority and numbers count at once; binds from elsewhere than allowed, too many, or by a password that is no more are ended.</summary>
    /// <returns>False when there is none of that SystemId.</returns>
    public Task<bool> ChangeAsync(DoorClientSettings settings) => InTurnAsync(async () =>
    {
        if (Find(settings.SystemId) is not { } member)
        {
            return false;
        }

        var isSamePassword = settings.HasPasswordOf(member.Client.Settings);
        var ending = member.Client.Change(settings, isSamePassword ? null : Secrets.Of(settings.Password, settings.PasswordHash));
        member.Delivery.Change();
        Changed?.Invoke();
        await EndAsync(ending).ConfigureAwait(false);
        return true;
    });

    /// <summary>Its binds are ended. What waits for it stays, for as long as it would have waited.</summary>
    /// <returns>False when there is none of that SystemId.</returns>
    public Task<bool> RemoveAsync(string systemId) => InTurnAsync(async () =>
    {
        if (Find(systemId) is not { } member)
        {
            return false;
        }

        Set([.. _all.Where(other => other != member)]);
        await EndAsync(member.Client.Leave()).ConfigureAwait(false);
        await member.Delivery.RemoveAsync().ConfigureAwait(false);
        return true;
    });

    public void Dispose()
    {
        _one.Dispose();
        Secrets.Dispose();
    }

    /// <summary>A client that does not follow our unbind is cut off.</summary>
    public async Task EndAsync(IReadOnlyList<DoorSession> sessions)
    {
        foreach (var session in sessions)
        {
            session.Session.Unbind();
        }

        var started = _engine.Time.GetTimestamp();
        while (sessions.Any(session => session.Session.IsBound) && _engine.Time.GetElapsedTime(started) < DoorLimits.Drain)
        {
            await Task.Delay(_look, _engine.Time).ConfigureAwait(false);
        }

        foreach (var session in sessions)
        {
            session.Session.Close("the client was changed or removed");
        }
    }

    private async Task<bool> InTurnAsync(Func<Task<bool>> change)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private DoorMember Make(DoorClientSettings settings)
    {
        var client = new DoorClient(settings, Secrets.Of(settings.Password, settings.PasswordHash), _engine.Time);
        return new DoorMember(client, new ClientDelivery(_engine, client));
    }

    private void Set(DoorMember[] all)
    {
        (_all, _byName) = (all, ByName(all));
        Changed?.Invoke();
    }

    private static Dictionary<string, DoorMember> ByName(DoorMember[] all) => all.ToDictionary(member => member.Client.Settings.SystemId, StringComparer.Ordinal);
}
