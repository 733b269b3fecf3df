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
    private readonly List<(DoorClient Client, ClientDelivery Delivery)> _clients;
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
        _clients = options.Clients.Select(settings => new DoorClient(settings, messaging.Time)).Select(client => (client, new ClientDelivery(_engine, client))).ToList();
        _handler = new DoorHandler(messaging, _clients, onRefused);
        _server = new SmppServer(
            new SmppServerOptions
            {
                Listen = options.Listen,
                Tls = options.Tls,
                MaxSessions = options.Clients.Sum(client => client.Binds) + DoorLimits.SpareConnections,
                MaxUnanswered = DoorLimits.MaxWindow,
                DeliverWindow = DoorLimits.DeliverWindow,
            },
            _handler,
            messaging.Time);
        var policy = new DeliverPolicy(_engine, _clients.Select(c => c.Client), Path.Combine(dataDirectory, "smpp-clients.cursor"));
        _policy = new ProjectionHost(_engine, policy, error => onFailed(policy.Name, error));
    }

    public IReadOnlyList<ProjectionHost> Projections => [_policy];

    /// <summary>Where it listens, once it is open.</summary>
    public IPEndPoint? EndPoint => _server.LocalEndPoint;

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<DoorClientInfo> Clients => [.. _clients.Select(c => c.Client.Info(_engine))];

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
        await Task.WhenAll(_clients.Select(c => c.Delivery.StopAsync(DoorLimits.Drain))).ConfigureAwait(false);
        if (_isOpen)
        {
            await UnbindAsync().ConfigureAwait(false);
        }

        await _server.DisposeAsync().ConfigureAwait(false);
        await _policy.DisposeAsync().ConfigureAwait(false);
        foreach (var (_, delivery) in _clients)
        {
            await delivery.DisposeAsync().ConfigureAwait(false);
        }
    }

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
