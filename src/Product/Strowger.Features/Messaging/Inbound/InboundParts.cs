using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Records.Inbound;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>Texts received: the list, and the posts to each channel's InboundUrl.</summary>
public sealed class InboundParts : IAsyncDisposable
{
    /// <summary>The name of the stage that posts.</summary>
    public const string StageName = "inbound-post";

    /// <summary>How often parts that wait for others are looked at while nothing comes in.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(15);

    /// <summary>Posts under way are waited for this long at a stop.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(3);

    private readonly string _cursorPath;
    private readonly List<ProjectionHost> _projections = [];
    private InboundPolicy? _policy;
    private InboundPoster? _poster;
    private StageRunner? _runner;
    private ITimer? _timer;
    private TimeProvider _time = TimeProvider.System;

    private InboundParts(InboundStore store, string cursorPath)
    {
        Store = store;
        _cursorPath = cursorPath;
    }

    public InboundStore Store { get; }

    public IReadOnlyList<ProjectionHost> Projections => _projections;

    /// <param name="dataDirectory">Of the server.</param>
    /// <param name="keepDays">Days of the list, 1 to 3650.</param>
    /// <param name="time">For what is old.</param>
    /// <param name="journalEnd">Where the journal ends: a list that is past it was made of another one.</param>
    public static InboundParts Open(string dataDirectory, int keepDays, TimeProvider time, long journalEnd = long.MaxValue) =>
        new(InboundStore.Open(dataDirectory, keepDays, time, journalEnd), Path.Combine(dataDirectory, "inbound-posted.cursor"));

    /// <summary>Follows the log and posts. After the channels are there: a text of an unknown channel is posted nowhere.</summary>
    /// <param name="engine">Whose log.</param>
    /// <param name="channels">Whose addresses count.</param>
    /// <param name="options">How it posts.</param>
    /// <param name="onFailed">Told of a read model or policy that starts again from its last commit.</param>
    public void Start(JobEngine engine, ChannelSet channels, InboundOptions options, Action<string, Exception> onFailed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onFailed);
        _time = engine.Time;
        _poster = new InboundPoster(channels, options, _time);
        _runner = new StageRunner(engine, engine.AddStage(StageOf(options), InboundPolicy.QueueName), _poster.PostAsync);
        _policy = new InboundPolicy(engine, channels, _cursorPath);
        foreach (var projection in (Projection[])[new InboundProjection(engine, Store), _policy])
        {
            _projections.Add(new ProjectionHost(engine, projection, error => onFailed(projection.Name, error)));
        }

        _timer = _time.CreateTimer(_ => Tick(onFailed), null, _tick, _tick);
    }

    /// <summary>Deletes what is past its retention.</summary>
    public void KeepHouse() => Store.DropOldDays();

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var projection in _projections)
        {
            await projection.DisposeAsync().ConfigureAwait(false);
        }

        if (_runner is not null)
        {
            using var deadline = new CancellationTokenSource(_drain, _time);
            await _runner.StopAsync(deadline.Token).ConfigureAwait(false);
            await _runner.DisposeAsync().ConfigureAwait(false);
        }

        _poster?.Dispose();
        Store.Dispose();
    }

    private static StageOptions StageOf(InboundOptions options) => new()
    {
        Name = StageName,
        Width = InboundLimits.PostWidth,
        FlowWidth = InboundLimits.PostsPerHost,
        UrgentSlots = 0,

        // A day of attempts ends by the jobs' expiry; a kill in the middle of a post is no reason to give it up either.
        MaxAttempts = 255,
        MaxResends = 255,
        Backoff = new Backoff(options.FirstRetry, options.LastRetry),
        UnsureGrace = TimeSpan.FromSeconds(1),
        TimeLimit = InboundLimits.PostTimeout * 2,

        // One dead host must not stop the others.
        BreakerFailures = 0,
    };

    /// <summary>Looks at parts that wait for others; done now and then by a timer.</summary>
    internal void Tick(Action<string, Exception> onFailed)
    {
        try
        {
            _policy?.Tick();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An exception in a timer would end the process; the parts stay and the next tick tries again.
            onFailed("inbound-policy", e);
        }
    }
}
