namespace Strowger.Server.ConsolePage;

/// <summary>
/// Looks at the flow four times a second and publishes a view once a second, or at once when a state changed. One loop for all
/// streams; a slow stream gets the newest view, never a queue of old ones.
/// </summary>
internal sealed class LiveFeed : IAsyncDisposable
{
    private readonly ConsoleServices _services;
    private readonly FlowReader _reader;
    private readonly FlowChanges _changes;
    private readonly FlowHistory _history;
    private readonly NewestCode _code;
    private readonly CancellationTokenSource _stop;
    private readonly long _startedMs;
    private readonly Task _run;
    private readonly QueueReader _queueReader;
    private IReadOnlyList<QueueFlow> _queues = [];
    private volatile LiveFrame _frame = new(null, null, [], [], null);

    public LiveFeed(ConsoleServices services)
    {
        _services = services;
        _reader = new FlowReader(services.Messaging);
        _queueReader = new QueueReader(services.Messaging.Engine, services.Time);
        _changes = new FlowChanges(Log.Add);
        _history = new FlowHistory(services.Time);
        _code = new NewestCode(services.Messaging);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(services.Stopping);
        _startedMs = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        TellStart();
        _run = Task.Run(RunAsync);
    }

    public TimeProvider Time => _services.Time;

    public HappeningLog Log { get; } = new();

    public LivePast Past => _history.Past;

    /// <summary>The newest frame; its view is null before the first look.</summary>
    public LiveFrame Newest => _frame;

    /// <summary>Adds a line to what happened, and shows it at once.</summary>
    public void Tell(Tone tone, string text) => Tell(tone, t => t[text]);

    private void Tell(Tone tone, Func<Language, string> say) =>
        Log.Add(new Happening(_services.Time.GetUtcNow().ToUnixTimeMilliseconds(), tone, say));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void TellStart()
    {
        var found = _services.Messaging.Engine.Recovery;
        Tell(Tone.Calm, t => found.Live == 0 ? t["The server started."]
            : found.Unsure > 0 ? t["The server started and found {0} safe on its disk, {1} of them on the wire when the last run ended; reading them took {2}.", t.Texts(found.Live), t.Count(found.Unsure), t.Duration(found.Took)]
            : t["The server started and found {0} safe on its disk; reading them took {1}.", t.Texts(found.Live), t.Duration(found.Took)]);
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(ConsoleLimits.Look, _services.Time);
        var lastBeat = 0L;
        var lastState = 0;
        try
        {
            do
            {
                var flow = _reader.Read();
                _changes.Look(flow);
                var isBeat = lastBeat == 0 || _services.Time.GetElapsedTime(lastBeat) >= ConsoleLimits.Beat - (ConsoleLimits.Look / 2);
                if (isBeat)
                {
                    lastBeat = _services.Time.GetTimestamp();
                    _history.Add(flow);
                    _code.Look(flow);
                    _queues = _queueReader.Read();
                }

                var state = StateOf(flow);
                if (isBeat || state != lastState)
                {
                    lastState = state;
                    Publish(ViewOf(flow), flow);
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>What is told at once when it changes.</summary>
    private int StateOf(FlowSnapshot flow)
    {
        var hash = default(HashCode);
        hash.Add(flow.Space);
        hash.Add(flow.InPausedQueues > 0);
        hash.Add(Log.Lines is [.., var line] ? line : null);
        foreach (var channel in flow.Channels)
        {
            hash.Add(channel.State);
            hash.Add(channel.IsThrottled);
            hash.Add(channel.Binds.Count(b => b.IsBound));
        }

        return hash.ToHashCode();
    }

    private LiveView ViewOf(FlowSnapshot flow)
    {
        var second = _history.Newest;
        var nowMs = flow.Now.ToUnixTimeMilliseconds();
        return new LiveView(
            nowMs,
            _services.Version,
            _startedMs,
            FlowSentence.Of(flow),
            LiveViews.Door(flow, second),
            LiveViews.Lanes(flow, second),
            LiveViews.Channels(flow, second),
            Math.Max(0, flow.Channels.Count - ConsoleLimits.MaxChannelsShown),
            Math.Max(_history.PeakWaiting, flow.WaitingTotal),
            _code.Shown,
            Past.Points is [.., var newest] ? newest : new LivePoint(nowMs, 0, 0, null, flow.WaitingTotal),
            [],
            _services.Demo is { } demo ? new DemoView(demo.MoreTexts, demo.Outage.TotalSeconds) : null);
    }

    private void Publish(LiveView view, FlowSnapshot flow)
    {
        var last = _frame;
        _frame = new LiveFrame(view, flow, _queues, Log.Lines, _services.Http.Campaigns);
        last.Follow(_frame);
    }
}
