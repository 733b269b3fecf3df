using Strowger.Engine;
using Strowger.Records;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>Alarms: looks at everything every few seconds, keeps what is wrong, tells people, and calls somebody outside while all is well.</summary>
public sealed class AlarmParts : IAsyncDisposable
{
    private static readonly TimeSpan _pingEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _pingTimeout = TimeSpan.FromSeconds(10);

    private readonly JobEngine _engine;
    private readonly AlarmOptions _options;
    private readonly AlarmJudge _judge;
    private readonly AlarmTeller _teller;
    private readonly Func<AlarmReadings> _read;
    private readonly Action<string, Exception> _onFailed;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _ping = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = _pingTimeout };
    private readonly ReceiptCountStore _counts;
    private readonly AlarmProjection _reading;
    private readonly ProjectionHost _projection;
    private Dictionary<(string, string), IReadOnlyList<string>> _avoid = [];
    private long _pinged;
    private Task _pinging = Task.CompletedTask;
    private Task _run = Task.CompletedTask;

    /// <param name="engine">Whose log.</param>
    /// <param name="settings">Holds alarms, rules and mutes.</param>
    /// <param name="dataDirectory">Of the server.</param>
    /// <param name="options">Who is told.</param>
    /// <param name="ways">How.</param>
    /// <param name="read">How everything stands now.</param>
    /// <param name="onFailed">Told of a look that failed; the next one is made all the same.</param>
    public AlarmParts(
        JobEngine engine, SettingsStore settings, string dataDirectory, AlarmOptions options, AlarmWays ways, Func<AlarmReadings> read, Action<string, Exception> onFailed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        _engine = engine;
        _options = options;
        _read = read;
        _onFailed = onFailed;
        var counts = new ReceiptCounts(engine);
        Settings = new AlarmSettings(settings, options, engine.Time);
        Book = new AlarmBook(settings, options, engine.Time);
        _judge = new AlarmJudge(counts);
        _teller = new AlarmTeller(Book, Settings, options, ways, engine.Time);
        _counts = ReceiptCountStore.Open(dataDirectory, engine.Journal.End);
        _reading = new AlarmProjection(engine, Book, counts, _counts, options, Path.Combine(dataDirectory, "alarms.cursor"));
        _projection = new ProjectionHost(engine, _reading, error => onFailed(_reading.Name, error));
    }

    public AlarmBook Book { get; }

    public AlarmSettings Settings { get; }

    public IReadOnlyList<ProjectionHost> Projections => [_projection];

    /// <summary>Where an alarm is acknowledged by whoever has the link; null when no address of ours is known.</summary>
    public string? LinkOf(AlarmRecord alarm) => _teller.LinkOf(alarm);

    /// <summary>Begins to look. Once everything it looks at is there.</summary>
    public void Start() => _run = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        await _pinging.ConfigureAwait(false);
        await _projection.DisposeAsync().ConfigureAwait(false);
        Keep();
        _counts.Dispose();
        _ping.Dispose();
        _stop.Dispose();
    }

    /// <summary>One look: done by a timer, and by tests.</summary>
    internal async Task LookAsync()
    {
        var readings = _read();
        var conditions = _judge.Look(readings, Settings.Rule, _engine.Time.GetUtcNow());
        _avoid = conditions.GroupBy(c => (c.Rule.Name, c.Subject)).ToDictionary(g => g.Key, g => g.First().Channels);
        Book.Take(conditions);
        await _teller.TellAsync(AvoidFor, _stop.Token).ConfigureAwait(false);
        if (!readings.IsStorageFull)
        {
            Ping();
        }
    }

    private void Keep()
    {
        try
        {
            _reading.Flush();
        }
        catch (Exception e) when (e is IOException or RecordsException)
        {
            // It is read again at the next start.
            _onFailed(_reading.Name, e);
        }
    }

    /// <summary>Of an alarm that is over, its subject: it has only just come back.</summary>
    private IReadOnlyList<string> AvoidFor(AlarmRecord alarm) => _avoid.GetValueOrDefault((alarm.Rule, alarm.Subject)) ?? [alarm.Subject];

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_options.Every, _engine.Time);
        try
        {
            do
            {
                try
                {
                    await LookAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
                {
                    // No ping either: somebody outside learns that nobody looks any more.
                    _onFailed("alarms", e);
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private void Ping()
    {
        var now = _engine.Time.GetTimestamp();
        if (_options.Ping is null || !_pinging.IsCompleted || (_pinged != 0 && _engine.Time.GetElapsedTime(_pinged, now) < _pingEvery))
        {
            return;
        }

        _pinged = now;
        _pinging = PingAsync(_options.Ping);
    }

    private async Task PingAsync(Uri url)
    {
        try
        {
            using var answer = await _ping.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            if (!_stop.IsCancellationRequested)
            {
                _onFailed("ping", e);
            }
        }
    }
}
