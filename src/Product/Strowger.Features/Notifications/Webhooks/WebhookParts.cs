using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Sending;
using Strowger.Records.Settings;
using Strowger.Records.Webhooks;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Events out: the addresses, the policy that queues, the stage that posts, the log of deliveries.</summary>
public sealed class WebhookParts : IAsyncDisposable
{
    /// <summary>The name of the stage that posts. No channel can have it.</summary>
    public const string StageName = "post:webhooks";

    /// <summary>Posts under way are waited for this long at a stop.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(1);

    /// <summary>Tells our keys from the hashes that callers' keys are.</summary>
    private const ulong InboundKeySpace = 0x496E626F756E6450;

    private readonly JobEngine _engine;
    private readonly WebhookOptions _options;
    private readonly OutboundHttp _http;
    private readonly WebhookQueue _queue;
    private readonly Lock _queueTurn = new();
    private readonly List<ProjectionHost> _projections = [];
    private WebhookPolicy? _policy;
    private WebhookRunner? _runner;

    private WebhookParts(JobEngine engine, SettingsStore settings, DeliveryStore deliveries, WebhookOptions options)
    {
        _engine = engine;
        _options = options;
        Deliveries = deliveries;
        Webhooks = new WebhookSet(settings, engine.Time);
        _http = new OutboundHttp(options);
        _queue = new WebhookQueue(engine);
    }

    public WebhookSet Webhooks { get; }

    public DeliveryStore Deliveries { get; }

    public IReadOnlyList<ProjectionHost> Projections => _projections;

    /// <summary>The guarded way out, for others that call addresses given to them.</summary>
    public OutboundHttp Http => _http;

    /// <summary>The stage; null before <see cref="Start"/>.</summary>
    public Stage? Stage { get; private set; }

    /// <summary>Whether a job with these headers is a post of ours.</summary>
    public static bool IsPost(ReadOnlySpan<byte> headers) => WebhookTarget.IsOne(headers);

    /// <param name="engine">Whose events.</param>
    /// <param name="settings">Holds the addresses.</param>
    /// <param name="dataDirectory">Of the server.</param>
    /// <param name="options">How it posts.</param>
    public static WebhookParts Open(JobEngine engine, SettingsStore settings, string dataDirectory, WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        return new WebhookParts(engine, settings, DeliveryStore.Open(dataDirectory, engine.Journal.End), options) { CursorPath = Path.Combine(dataDirectory, "webhooks.cursor") };
    }

    /// <summary>Follows the log and posts.</summary>
    /// <param name="inboundUrl">The present address of a channel by its name, null when it has none.</param>
    /// <param name="onFailed">Told of a read model or policy that starts again from its last commit.</param>
    /// <param name="signingOf">What signs for callbacks of texts, by the account that they keep; without it, or where it has nothing, the server's secret does.</param>
    public void Start(Func<string, string?> inboundUrl, Action<string, Exception> onFailed, Func<string, KeySigning?>? signingOf = null)
    {
        ArgumentNullException.ThrowIfNull(inboundUrl);
        ArgumentNullException.ThrowIfNull(onFailed);
        Stage = _engine.AddStage(StageOf(_options), [WebhookQueue.Name]);
        var sender = new WebhookSender(Webhooks, new WebhookSigner(Webhooks, signingOf ?? (static _ => null)), inboundUrl, _http, _options, _engine.Time);
        _runner = new WebhookRunner(_engine, Stage, sender, new HostHealth(_engine, WebhookQueue.Name));
        _policy = new WebhookPolicy(_engine, Webhooks, CursorPath);
        foreach (var projection in (Projection[])[_policy, new DeliveryProjection(_engine, Deliveries)])
        {
            _projections.Add(new ProjectionHost(_engine, projection, error => onFailed(projection.Name, error)));
        }
    }

    /// <summary>Queues an event that is not in the log for every address that wants it; durable when it returns.</summary>
    /// <param name="type">Of <see cref="EventTypes"/>.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="eventId">Unique to the event: queued a second time under the same one within a day, it goes out once.</param>
    /// <param name="data">A JSON object.</param>
    /// <param name="only">One address, wanted or not; null: all that want it.</param>
    /// <returns>How many addresses.</returns>
    public async Task<int> TellAsync(string type, string subject, string eventId, ReadOnlyMemory<byte> data, string? only = null, CancellationToken cancel = default)
    {
        var batch = new JobBatch();
        var nowMs = _engine.Time.GetUtcNow().ToUnixTimeMilliseconds();
        using var json = new MessageEventJson();
        lock (_queueTurn)
        {
            var body = json.Write(type, nowMs, data.Span);
            foreach (var endpoint in only is null ? Webhooks.Wanting(type) : Webhooks.Endpoints.Where(endpoint => endpoint.Record.Id == only))
            {
                var target = new WebhookTarget(TargetKind.Webhook, 0, nowMs, endpoint.Record.Id, string.Empty, eventId, type, subject);
                batch.Add(_queue.Job(target, endpoint.Host, body, Lane.Urgent, KeyOf(endpoint, eventId)));
            }
        }

        return batch.Count == 0 ? 0 : await EnqueueAsync(batch, cancel).ConfigureAwait(false);
    }

    /// <summary>Where texts received are told of: their channel's own address, and every webhook that wants them.</summary>
    /// <param name="inboundUrl">The present address of a channel by its name, null when it has none.</param>
    public InboundOutlet InboundOutlet(Func<string, string?> inboundUrl) => new(
        channel => inboundUrl(channel) is not null || Webhooks.Wanting(EventTypes.InboundReceived).Length > 0,
        (batch, post, position) => AddInbound(batch, post, position, inboundUrl(post.Channel)));

    /// <summary>Posts a delivery once more, under the same event id and with a new day to live.</summary>
    /// <returns>The new delivery's number; null when there is none of that number, or its journal is past its retention.</returns>
    public async Task<long?> ReplayAsync(long delivery, CancellationToken cancel)
    {
        var batch = new JobBatch();
        if (!AddReplay(delivery, batch))
        {
            return null;
        }

        var result = await _engine.EnqueueAsync(batch, cancel).ConfigureAwait(false);
        Throw(result);
        return result.Results[0].Id.Value;
    }

    /// <summary>Posts what was given up since a time once more, at most <see cref="WebhookLimits.MaxReplay"/>, the newest first.</summary>
    /// <param name="since">When it was queued.</param>
    /// <param name="webhook">Only those of this address; null: all.</param>
    /// <param name="before">Only older ones than this delivery; null begins with the newest.</param>
    /// <param name="cancel">Ends the wait for the disk.</param>
    /// <returns>How many, and where to go on; null at the end.</returns>
    public async Task<(int Count, long? NextBefore)> ReplayFailedAsync(DateTimeOffset since, string? webhook, long? before, CancellationToken cancel)
    {
        var batch = new JobBatch();
        var next = before;
        do
        {
            var page = Deliveries.List(new DeliveryFilter
            {
                State = DeliveryState.Failed,
                Webhook = webhook,
                SinceMs = since.ToUnixTimeMilliseconds(),
                Before = next ?? long.MaxValue,
                Limit = Strowger.Records.RecordsLimits.MaxPage,
            });
            foreach (var row in page.Rows)
            {
                AddReplay(row.Id, batch);
            }

            next = page.NextBefore;
        }
        while (next is not null && batch.Count <= WebhookLimits.MaxReplay - Strowger.Records.RecordsLimits.MaxPage);

        return (batch.Count == 0 ? 0 : await EnqueueAsync(batch, cancel).ConfigureAwait(false), next);
    }

    /// <summary>Deletes what is past its retention.</summary>
    public void KeepHouse() => Deliveries.DropOldest();

    public async ValueTask DisposeAsync()
    {
        foreach (var projection in _projections)
        {
            await projection.DisposeAsync().ConfigureAwait(false);
        }

        if (_runner is not null)
        {
            using var deadline = new CancellationTokenSource(_drain, _engine.Time);
            await _runner.StopAsync(deadline.Token).ConfigureAwait(false);
            await _runner.DisposeAsync().ConfigureAwait(false);
        }

        _policy?.Dispose();
        _http.Dispose();
        Deliveries.Dispose();
    }

    private string CursorPath { get; init; } = string.Empty;

    private static StageOptions StageOf(WebhookOptions options) => new()
    {
        Name = StageName,
        Width = options.Width,
        FlowWidth = options.PerHost,
        UrgentSlots = 1,

        // A day of attempts ends by age; a kill in the middle of a post is no reason to give it up either.
        MaxAttempts = 255,
        MaxResends = 255,
        Backoff = new Backoff(options.FirstRetry, options.LastRetry),
        UnsureGrace = TimeSpan.FromSeconds(1),

        // One dead host must not stop the others.
        BreakerFailures = 0,
    };

    private bool AddReplay(long delivery, JobBatch batch)
    {
        var found = false;
        var nowMs = _engine.Time.GetUtcNow().ToUnixTimeMilliseconds();
        JobHistory.Read(_engine, new JobId(delivery), (in EngineEvent item) =>
        {
            if (item.Kind == EntryKind.Accepted && WebhookTarget.Parse(item.Headers) is { } target)
            {
                var again = target with { Source = 0, CreatedMs = nowMs };
                var host = (target.Kind == TargetKind.Webhook ? Webhooks.FindEndpoint(target.Name)?.Host : null) ?? (WebhookSet.TryUrl(target.Url, out var url) ? WebhookSet.HostOf(url) : string.Empty);
                lock (_queueTurn)
                {
                    batch.Add(_queue.Job(again, host, item.Data, Lane.Bulk));
                }

                found = true;
            }
        });
        return found;
    }

    private void AddInbound(JobBatch batch, InboundPost post, EventPosition position, string? inboundUrl)
    {
        var nowMs = _engine.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var body = post.ToBytes();
        lock (_queueTurn)
        {
            if (WebhookSet.TryUrl(inboundUrl, out var url))
            {
                var target = new WebhookTarget(TargetKind.Channel, position.Value, nowMs, post.Channel, url.OriginalString, post.Id, post.Type, post.Id);
                batch.Add(_queue.Job(target, WebhookSet.HostOf(url), body, key: new UInt128(InboundKeySpace, (ulong)position.Value)));
            }

            if (Webhooks.Wanting(post.Type) is { Length: > 0 } wanting)
            {
                using var json = new MessageEventJson();
                var envelope = json.Write(post.Type, nowMs, body);
                foreach (var endpoint in wanting)
                {
                    var target = new WebhookTarget(TargetKind.Webhook, position.Value, nowMs, endpoint.Record.Id, string.Empty, post.Id, post.Type, post.Id);
                    batch.Add(_queue.Job(target, endpoint.Host, envelope, key: KeyOf(endpoint, post.Id)));
                }
            }
        }
    }

    private static UInt128 KeyOf(Endpoint endpoint, string eventId) => IdempotencyKey.Of("webhook " + endpoint.Record.Id, eventId).For(0);

    private async Task<int> EnqueueAsync(JobBatch batch, CancellationToken cancel)
    {
        var result = await _engine.EnqueueAsync(batch, cancel).ConfigureAwait(false);
        Throw(result);
        return result.Results.Count;
    }

    private static void Throw(BatchResult result)
    {
        if (result.Stopped != EnqueueStatus.Accepted)
        {
            throw new WebhookQueueException(result.Stopped);
        }
    }
}

/// <summary>Nothing can be queued for posting now.</summary>
public sealed class WebhookQueueException(EnqueueStatus status)
    : Exception($"Nothing can be queued for posting now ({status}).")
{
    public EnqueueStatus Status { get; } = status;
}
