using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>
/// A carrier to try a gateway against: binds, a strict rate, receipts, and every kind of trouble on demand. Runs in a process of its
/// own; speaks SMPP to the gateway and lines of JSON to whoever controls it.
/// </summary>
public sealed class CarrierSimulator : IDisposable
{
    /// <summary>How often troubles and incoming texts are looked at.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly CarrierSimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly SeededDice _dice;
    private readonly CarrierHandler _handler;
    private readonly long _startedAt;
    private readonly Lock _settingsLock = new();
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SmppServer? _server;
    private IPEndPoint? _endPoint;
    private long _outageUntil;
    private int _nextOutage;
    private long _disconnects;
    private long _nextDisconnectAt;
    private double _moDue;
    private long _moAt;

    public CarrierSimulator(CarrierSimulatorOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _options = options;
        _clock = clock;
        _dice = new SeededDice(options.Seed);
        _handler = new CarrierHandler(options, clock, _dice);
        _startedAt = clock.GetTimestamp();
        _moAt = _startedAt;
    }

    /// <summary>Where SMPP is spoken; null before the start.</summary>
    public IPEndPoint? EndPoint => _endPoint;

    public CarrierSettings Settings => _handler.Settings;

    /// <summary>As the other overload, without commands.</summary>
    public Task RunAsync(TextWriter readyWriter, CancellationToken cancellationToken) =>
        RunAsync(readyWriter, commands: null, cancellationToken);

    /// <summary>
    /// Runs until cancelled or told to stop. Writes {"event":"ready",...} first, then one reply a command read.
    /// </summary>
    /// <exception cref="SocketException">A port is in use or not ours.</exception>
    public async Task RunAsync(TextWriter readyWriter, TextReader? commands, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(readyWriter);
        StartServer(_options.Listen);
        var control = new CarrierControl(this);
        using var tcp = _options.Control is null ? null : new ControlListener(_options.Control, control);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = new JsonObject { ["event"] = "ready", ["listen"] = _endPoint!.ToString(), ["control"] = tcp?.EndPoint.ToString() };
        await readyWriter.WriteLineAsync(ready.ToJsonString()).ConfigureAwait(false);
        await readyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);

        var tcpTask = tcp?.RunAsync(stop.Token) ?? Task.CompletedTask;
        var lineTask = commands is null ? Task.CompletedTask : CarrierControl.ServeAsync(commands, readyWriter, control, stop.Token);
        await LiveAsync(cancellationToken).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (_server is { } server)
        {
            await server.StopAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(tcpTask, lineTask).ConfigureAwait(false);
    }

    /// <summary>Every count so far.</summary>
    public CarrierReport Report() => _handler.Report(BoundSessions().Count, Interlocked.Read(ref _disconnects));

    /// <summary>Starts every count anew.</summary>
    public void ResetCounts()
    {
        Interlocked.Exchange(ref _disconnects, 0);
        _handler.Reset();
    }

    /// <summary>Changes settings while the carrier runs.</summary>
    public void Change(Func<CarrierSettings, CarrierSettings> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_settingsLock)
        {
            _handler.Settings = change(_handler.Settings);
        }

        foreach (var session in _server?.Sessions ?? [])
        {
            session.ReadDelay = _handler.Settings.ReadDelay;
            session.CongestionState = _handler.Settings.Congestion;
        }
    }

    /// <summary>Cuts one bind (by its place among those bound), all of them (-1), or one at random (null). Returns how many.</summary>
    public int Disconnect(int? bind)
    {
        var bound = BoundSessions();
        if (bound.Count == 0 || bind >= bound.Count)
        {
            return 0;
        }

        var cut = bind switch
        {
            -1 => bound,
            null => [bound[(int)(_dice.Next() * bound.Count)]],
            _ => [bound[bind.Value]],
        };
        foreach (var session in cut)
        {
            session.Close("cut by the simulator");
        }

        Interlocked.Add(ref _disconnects, cut.Count);
        return cut.Count;
    }

    /// <summary>Sends unbind on every bind.</summary>
    public int UnbindAll()
    {
        var bound = BoundSessions();
        bound.ForEach(session => session.Unbind());
        return bound.Count;
    }

    /// <summary>Stops listening and cuts every bind, for so long from now.</summary>
    public void BeginOutage(TimeSpan length) =>
        Interlocked.Exchange(ref _outageUntil, _clock.GetTimestamp() + (long)(length.TotalSeconds * _clock.TimestampFrequency));

    /// <summary>Sends an incoming text to the named system id, or to one that is bound. False when there is none.</summary>
    /// <exception cref="ArgumentException">A number is longer than 20 octets, or the text than 254.</exception>
    public bool SendMo(string? systemId, string from, string to, string text) => _handler.SendMo(systemId, from, to, text);

    public void Stop() => _stopAsked.TrySetResult();

    public void Dispose() => _handler.Dispose();

    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && !_stopAsked.Task.IsCompleted)
        {
            try
            {
                await Task.Delay(Step, _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await FollowOutagesAsync().ConfigureAwait(false);
            FollowDisconnects();
            FollowMo();
        }
    }

    private async Task FollowOutagesAsync()
    {
        while (_nextOutage < _options.Outages.Count && _clock.GetElapsedTime(_startedAt) >= _options.Outages[_nextOutage].At)
        {
            BeginOutage(_options.Outages[_nextOutage++].For);
        }

        bool down = _clock.GetTimestamp() < Interlocked.Read(ref _outageUntil);
        if (down && _server is { } server)
        {
            Interlocked.Add(ref _disconnects, BoundSessions().Count);
            _server = null;
            await server.StopAsync().ConfigureAwait(false);
        }
        else if (!down && _server is null)
        {
            try
            {
                StartServer(_endPoint!);
            }
            catch (SocketException)
            {
                // Somebody else holds the port for the moment: tried again at the next step.
            }
        }
    }

    private void FollowDisconnects()
    {
        var mean = Settings.MeanDisconnect;
        if (mean <= TimeSpan.Zero)
        {
            _nextDisconnectAt = 0;
            return;
        }

        long now = _clock.GetTimestamp();
        if (_nextDisconnectAt != 0 && now >= _nextDisconnectAt)
        {
            Disconnect(null);
            _nextDisconnectAt = 0;
        }

        if (_nextDisconnectAt == 0)
        {
            _nextDisconnectAt = now + (long)(_dice.Exponential(mean).TotalSeconds * _clock.TimestampFrequency);
        }
    }

    private void FollowMo()
    {
        long now = _clock.GetTimestamp();
        double rate = Settings.MoRate;
        _moDue = rate <= 0 ? 0 : Math.Min(Math.Max(1, rate), _moDue + (rate * _clock.GetElapsedTime(_moAt, now).TotalSeconds));
        _moAt = now;
        for (; _moDue >= 1; _moDue--)
        {
            _handler.SendNextMo();
        }
    }

    private void StartServer(IPEndPoint listen)
    {
        var server = new SmppServer(
            new SmppServerOptions
            {
                Listen = listen,
                Tls = _options.Tls,
                SystemId = "carrier-sim",
                MaxUnanswered = SmppClientOptions.MaxWindow * 2,
                DeliverWindow = 200,
                SendBufferBytes = 4 * 1024 * 1024,
            },
            _handler,
            _clock);
        server.Start();
        _endPoint = server.LocalEndPoint;
        _server = server;
    }

    private List<SmppServerSession> BoundSessions() =>
        [.. (_server?.Sessions ?? []).Where(session => session.IsBound).OrderBy(session => session.Id)];
}
