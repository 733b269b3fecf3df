using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>
/// One bind that keeps itself up: connects, binds, asks whether the link is alive, comes back after a loss with growing waits.
/// Requests are submitted from any thread and leave in batches; answers and deliveries come to the handler.
/// </summary>
public sealed class SmppClient : IAsyncDisposable
{
    private static readonly TimeSpan UnbindTimeout = TimeSpan.FromSeconds(2);

    private readonly SmppClientOptions _options;
    private readonly SmppClientHandler _handler;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private readonly PduInput _input;
    private volatile ClientConnection? _connection;
    private volatile BindState _state;
    private volatile bool _stopping;
    private int _window;
    private long _unmatched;
    private Task? _run;

    /// <exception cref="ArgumentException">The options are wrong; the message lists every mistake.</exception>
    public SmppClient(SmppClientOptions options, SmppClientHandler handler, TimeProvider clock, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(random);
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", mistakes), nameof(options));
        }

        _options = options;
        _handler = handler;
        _clock = clock;
        _backoff = new Backoff(options.ReconnectMin, options.ReconnectMax, random);
        _input = new PduInput(options.MaxPduBytes);
        _window = options.Window;
        Limits = new PduConnectionLimits(
            "the carrier", options.MaxPduBytes, options.SendBufferBytes, options.ControlReserveBytes, options.MaxFaults,
            options.SendStallTimeout, options.EnquireLinkInterval, options.ResponseTimeout);
    }

    public SmppClientOptions Options => _options;

    public BindState State => _state;

    /// <summary>Why the last connection or attempt ended, for a person; null before any did.</summary>
    public string? LastError { get; private set; }

    /// <summary>The command_status behind <see cref="LastError"/>, or 0.</summary>
    public uint LastStatus { get; private set; }

    /// <summary>When the present bind was accepted; null while not bound.</summary>
    public DateTimeOffset? ConnectedSince { get; private set; }

    /// <summary>TLS 1.2 or TLS 1.3 of the present connection; null in the clear or without one.</summary>
    public string? TlsVersion => _connection?.TlsVersion;

    /// <summary>Requests without an answer.</summary>
    public int Outstanding => _connection?.Outstanding ?? 0;

    /// <summary>Requests that could be submitted now; 0 while not bound or paused.</summary>
    public int FreeWindow => _connection?.FreeWindow ?? 0;

    /// <summary>Responses to nothing we know, since the start.</summary>
    public long UnmatchedResponses => _unmatched + (_connection?.UnmatchedResponses ?? 0);

    /// <summary>Times a bind was accepted.</summary>
    public long Binds { get; private set; }

    /// <summary>Unanswered requests allowed, 1 to 10,000; may be changed at any time.</summary>
    public int Window
    {
        get => Volatile.Read(ref _window);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, SmppClientOptions.MaxWindow);
            Volatile.Write(ref _window, value);
            _connection?.SetWindow(value);
        }
    }

    /// <summary>The number the first request of a connection gets; for tests of the wrap.</summary>
    internal uint FirstSequence { get; init; } = SmppLimits.FirstSequence;

    internal long PausedUntil { get; private set; }

    internal bool IsStopping => _stopping;

    internal PduInput Input => _input;

    internal PduConnectionLimits Limits { get; }

    internal TimeProvider Clock => _clock;

    internal SmppClientHandler Handler => _handler;

    /// <summary>Held around every callback, so that they never overlap. Never taken while the connection's lock is held.</summary>
    internal Lock Callbacks { get; } = new();

    /// <summary>Starts connecting and returns at once; progress comes by <see cref="SmppClientHandler.OnStateChanged"/>.</summary>
    public void Start()
    {
        if (_run is not null || _stopping)
        {
            throw new InvalidOperationException("The client was started already.");
        }

        _run = Task.Run(RunAsync);
    }

    /// <summary>False when the window is full, not bound, paused or congested. Call <see cref="Flush"/> after a batch.</summary>
    /// <param name="tag">The caller's own; comes back with the answer.</param>
    /// <exception cref="ArgumentException">The PDU breaks the standard (see <see cref="SubmitSm.Check"/>) or is larger than MaxPduBytes.</exception>
    public bool TrySubmit(long tag, in SubmitSm pdu) => Submit(tag, pdu) == SubmitRefusal.None;

    /// <summary>As <see cref="TrySubmit"/>, saying why not.</summary>
    public SubmitRefusal Submit(long tag, in SubmitSm pdu) => _connection?.Submit(tag, pdu) ?? SubmitRefusal.NotBound;

    /// <summary>Writes what was submitted. Never waits.</summary>
    public void Flush() => _connection?.Flush();

    /// <summary>Refuses submits until a timestamp of the client's clock; 0 ends the pause.</summary>
    public void PauseUntil(long timestamp) => PausedUntil = timestamp;

    /// <summary>Asks the carrier for a message's state. Ends with the answer, the response timer or the connection.</summary>
    public Task<QueryResult> QueryAsync(in QuerySm query, CancellationToken cancellationToken)
    {
        var connection = _connection;
        return connection is null
            ? Task.FromResult(new QueryResult(QueryOutcome.NotSent, 0, 0, 0, ""))
            : connection.QueryAsync(query, cancellationToken);
    }

    /// <summary>
    /// Takes no more submits, waits up to <paramref name="deadline"/> for the outstanding answers, unbinds and closes. What is
    /// still unanswered then is reported as lost with the connection.
    /// </summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        _stopping = true;
        var connection = _connection;
        if (connection is not null && _state == BindState.Bound)
        {
            SetState(BindState.Unbinding, null, 0);
            long start = _clock.GetTimestamp();
            await connection.DrainAsync(deadline).ConfigureAwait(false);
            var left = deadline - _clock.GetElapsedTime(start);
            await connection.UnbindAsync(left < UnbindTimeout ? TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds)) : UnbindTimeout).ConfigureAwait(false);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _connection?.Close("stopped");
        if (_run is not null)
        {
            await _run.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        _stop.Dispose();
    }

    internal void OnBound()
    {
        ConnectedSince = _clock.GetUtcNow();
        Binds++;
        SetState(BindState.Bound, null, 0);
    }

    internal void SetState(BindState state, string? reason, uint status)
    {
        lock (Callbacks)
        {
            if (_stopping && state is not (BindState.Unbinding or BindState.Stopped))
            {
                return;
            }

            _state = state;
            _handler.OnStateChanged(state, reason, status);
        }
    }

    private async Task RunAsync()
    {
        using var timer = _clock.CreateTimer(static client => ((SmppClient)client!)._connection?.Tick(), this, _options.TimerInterval, _options.TimerInterval);
        while (!_stopping)
        {
            var end = await ConnectAndRunAsync().ConfigureAwait(false);
            ConnectedSince = null;
            if (_stopping)
            {
                break;
            }

            LastError = end.Reason;
            LastStatus = end.Status;
            if (end.WasUseful)
            {
                _backoff.Reset();
            }

            bool refused = end.Status is CommandStatus.InvalidPassword or CommandStatus.InvalidSystemId;
            var wait = refused ? _options.RefusedBackoff : _backoff.Next();
            SetState(refused ? BindState.Refused : BindState.BackingOff, end.Reason, end.Status);
            await WaitAsync(wait).ConfigureAwait(false);
        }

        SetState(BindState.Stopped, null, 0);
    }

    private async Task<ConnectionEnd> ConnectAndRunAsync()
    {
        SetState(BindState.Connecting, null, 0);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
            await socket.ConnectAsync(_options.Host, _options.Port, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            string why = e is SocketException s ? SocketWords.Of(s.SocketErrorCode) : $"no connection within {_options.ConnectTimeout.TotalSeconds:0.#} s";
            return new ConnectionEnd($"{_options.Host}:{_options.Port}: {why}", 0, WasUseful: false);
        }

        SetState(BindState.Binding, null, 0);
        _input.Clear();
        var connection = new ClientConnection(this, socket, _window, FirstSequence);
        _connection = connection;
        connection.SetWindow(_window);
        if (_stopping)
        {
            connection.Close("stopped");
        }

        var end = await connection.BindAndRunAsync().ConfigureAwait(false);
        _connection = null;
        _unmatched += connection.UnmatchedResponses;
        return end;
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _clock, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping is the only thing that ends a wait early.
        }
    }
}
