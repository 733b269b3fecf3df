using Strowger.Engine;
using Strowger.Records.Inbound;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>Texts received: the list, and the policy that has them told of.</summary>
public sealed class InboundParts : IAsyncDisposable
{
    /// <summary>How often parts that wait for others are looked at while nothing comes in.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(15);

    private readonly string _cursorPath;
    private readonly List<ProjectionHost> _projections = [];
    private InboundPolicy? _policy;
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

    /// <summary>Follows the log.</summary>
    /// <param name="engine">Whose log.</param>
    /// <param name="outlet">Where texts are told of.</param>
    /// <param name="onFailed">Told of a read model or policy that starts again from its last commit.</param>
    public void Start(JobEngine engine, InboundOutlet outlet, Action<string, Exception> onFailed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(outlet);
        ArgumentNullException.ThrowIfNull(onFailed);
        _time = engine.Time;
        _policy = new InboundPolicy(engine, outlet, _cursorPath);
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

        Store.Dispose();
    }

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
