using System.Net;
using System.Net.Sockets;
using Strowger.Engine;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>The SMPP door: the server that ESMEs bind to, the policy that queues what goes back, and what delivers it.</summary>
public sealed class SmppDoorParts : IAsyncDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);

    private readonly JobEngine _engine;
    private readonly DoorClients _clients;
    private readonly DoorHandler _handler;
    private readonly SmppServer _server;
    private readonly ProjectionHost _policy;
    private bool _isOpen;

    /// <summary>Follows the log at once; <see cref="Open"/> lets clients in.</summary>
    /// <param name="messaging">Takes the texts.</param>
    /// <param name="options">Checked.</param>
    /// <param name="dataDirectory">Of the server.</param>
    /// <param name="onFailed">Told of a policy that starts again from its last commit.</param>
    /// <param name="onRefused">Told of a refused bind: who, as far as is known, and why.</param>
    public SmppDoorParts(MessagingService messaging, SmppDoorOptions options, string dataDirectory, Action<string, Exception> onFailed, Action<string, string> onRefused)
    {
        ArgumentNullException.ThrowIfNull(messaging);
        ArgumentNullException.ThrowIfNull(options);
        _engine = messaging.Engine;
        _clients = new DoorClients(_engine, options.Clients);
        _handler = new DoorHandler(messaging, _clients, options.Tls is not null, onRefused);
        _server = new SmppServer(
            new SmppServerOptions
            {
                Listen = options.Listen,
                Tls = options.Tls,
                MaxSessions = SessionsOf(_clients),
                MaxUnanswered = DoorLimits.MaxWindow,
                DeliverWindow = DoorLimits.DeliverWindow,
            },
            _handler,
            messaging.Time);
        var policy = new DeliverPolicy(_engine, Members, Path.Combine(dataDirectory, "smpp-clients.cursor"));
        _policy = new ProjectionHost(_engine, policy, error => onFailed(policy.Name, error));
        _clients.Changed = () =>
        {
            policy.Change(Members);
            _server.MaxSessions = SessionsOf(_clients);
        };
    }

    public IReadOnlyList<ProjectionHost> Projections => [_policy];

    /// <summary>Where it listens, once it is open.</summary>
    public IPEndPoint? EndPoint => _server.LocalEndPoint;

    /// <summary>In the order of the configuration, then those added since.</summary>
    public IReadOnlyList<DoorClientInfo> Clients => [.. Members.Select(client => client.Info(_engine))];

    private IEnumerable<DoorClient> Members => _clients.All.Select(member => member.Client);

    /// <summary>Null when there is none of that SystemId.</summary>
    public DoorClientInfo? Find(string systemId) => _clients.Find(systemId)?.Client.Info(_engine);

    /// <inheritdoc cref="DoorClients.Check"/>
    public RequestError? Check(DoorClientSettings settings) => _clients.Check(settings);

    /// <inheritdoc cref="DoorClients.AddAsync"/>
    public Task<bool> AddAsync(DoorClientSettings settings) => _clients.AddAsync(settings);

    /// <inheritdoc cref="DoorClients.ChangeAsync"/>
    public Task<bool> ChangeAsync(DoorClientSettings settings) => _clients.ChangeAsync(settings);

    /// <inheritdoc cref="DoorClients.RemoveAsync"/>
    public Task<bool> RemoveAsync(string systemId) => _clients.RemoveAsync(systemId);

    /// <summary>Lets clients in.</summary>
    /// <exception cref="IOException">The address is in use or not this machine's.</exception>
    public void Open()
    {
        try
        {
            _server.Start();
            _isOpen = true;
        }
        catch (SocketException error)
        {
            throw new IOException($"The SMPP door cannot listen on {_server.Options.Listen} (Smpp:Listen): {error.Message}.", error);
        }
    }

    /// <summary>Says goodbye, answers what is being written, waits a little for answers on the way, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _handler.StopTaking();
        await Task.WhenAll(_clients.All.Select(member => member.Delivery.StopAsync(DoorLimits.Drain))).ConfigureAwait(false);
        if (_isOpen)
        {
            await UnbindAsync().ConfigureAwait(false);
        }

        await _server.DisposeAsync().ConfigureAwait(false);
        await _policy.DisposeAsync().ConfigureAwait(false);
        foreach (var member in _clients.All)
        {
            await member.Delivery.DisposeAsync().ConfigureAwait(false);
        }

        _clients.Dispose();
    }

    private static int SessionsOf(DoorClients clients) => clients.All.Sum(member => member.Client.Settings.Binds) + DoorLimits.SpareConnections;

    /// <summary>A client hears the answers to all it has sent before it hears that we go.</summary>
    private async Task UnbindAsync()
    {
        var started = _engine.Time.GetTimestamp();
        await UntilAsync(() => !_handler.IsCommitting).ConfigureAwait(false);
        foreach (var session in _server.Sessions)
        {
            if (session.IsBound)
            {
                session.Unbind();
            }
        }

        await UntilAsync(() => !_server.Sessions.Any(session => session.IsBound)).ConfigureAwait(false);

        async Task UntilAsync(Func<bool> isSo)
        {
            while (!isSo() && _engine.Time.GetElapsedTime(started) < DoorLimits.Drain)
            {
                await Task.Delay(_look, _engine.Time).ConfigureAwait(false);
            }
        }
    }
}
