using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>Listens for ESMEs and runs a session for each connection.</summary>
public sealed class SmppServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, SmppServerSession> _sessions = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private ITimer? _timer;
    private Task? _accepting;
    private long _lastId;
    private volatile int _maxSessions;

    /// <exception cref="ArgumentException">The options are wrong; the message lists every mistake.</exception>
    public SmppServer(SmppServerOptions options, SmppServerHandler handler, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(clock);
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", mistakes), nameof(options));
        }

        Options = options;
        _maxSessions = options.MaxSessions;
        Handler = handler;
        Clock = clock;
        Limits = new PduConnectionLimits(
            "the ESME", options.MaxPduBytes, options.SendBufferBytes, options.ControlReserveBytes, options.MaxFaults,
            options.SendStallTimeout, options.EnquireLinkInterval, options.ResponseTimeout);
    }

    public SmppServerOptions Options { get; }

    /// <summary>Where the server listens, once started.</summary>
    public IPEndPoint? LocalEndPoint => _listener?.LocalEndPoint as IPEndPoint;

    /// <summary>As <see cref="SmppServerOptions.MaxSessions"/>, 1 to 100,000; may be changed at any time. Those open stay.</summary>
    public int MaxSessions
    {
        get => _maxSessions;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100_000);
            _maxSessions = value;
        }
    }

    /// <summary>Every open connection, bound or not.</summary>
    public IEnumerable<SmppServerSession> Sessions => _sessions.Values;

    /// <summary>Connections closed at once because <see cref="MaxSessions"/> were open.</summary>
    public long RefusedConnections { get; private set; }

    internal SmppServerHandler Handler { get; }

    internal TimeProvider Clock { get; }

    internal PduConnectionLimits Limits { get; }

    /// <summary>Listens; returns once connections are taken.</summary>
    /// <exception cref="SocketException">The address is in use or not ours.</exception>
    public void Start()
    {
        var listener = new Socket(Options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(Options.Listen);
            listener.Listen(512);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _timer = Clock.CreateTimer(static server => ((SmppServer)server!).Tick(), this, Options.TimerInterval, Options.TimerInterval);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Stops listening, closes every session and waits for their last callbacks.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        if (_accepting is not null)
        {
            await _accepting.ConfigureAwait(false);
        }

        var running = _sessions.Values.ToArray();
        foreach (var session in running)
        {
            session.Close("the server stops");
        }

        await Task.WhenAll(running.Select(session => session.Run)).ConfigureAwait(false);
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener!.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One connection failed while being accepted, or descriptors ran out: the next may succeed.
                await Task.Delay(Options.TimerInterval, Clock, CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            Take(socket);
        }
    }

    private void Take(Socket socket)
    {
        if (_sessions.Count >= _maxSessions)
        {
            RefusedConnections++;
            socket.Dispose();
            return;
        }

        try
        {
            socket.NoDelay = true;
            var session = new SmppServerSession(++_lastId, socket, this);
            _sessions[session.Id] = session;
            session.Run = RunAsync(session);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It was gone before we looked at it.
            socket.Dispose();
        }
    }

    private async Task RunAsync(SmppServerSession session)
    {
        await Task.Yield();
        try
        {
            string reason = await session.Connection.RunAsync().ConfigureAwait(false);
            Handler.OnClosed(session, reason);
        }
        finally
        {
            _sessions.TryRemove(session.Id, out _);
        }
    }

    private void Tick()
    {
        foreach (var (_, session) in _sessions)
        {
            session.Connection.Tick();
        }
    }
}
