using System.Collections.Concurrent;
using Strowger.Engine;
using Strowger.Engine.Journaling;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>What came of creating a campaign.</summary>
public readonly record struct CreateResult(CampaignRecord? Campaign, RequestError? Error, bool IsRepeat);

/// <summary>
/// Campaigns: a durable file and cursors through it. Rows become texts a few seconds before their channel can take them, so that memory
/// does not grow with the file, and what an owner decides takes effect at once.
/// </summary>
public sealed class CampaignService : IAsyncDisposable
{
    private readonly JobEngine _engine;
    private readonly CampaignStore _store;
    private readonly Func<CampaignDoor> _openDoor;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<long, CampaignRun> _runs = new();
    private readonly ConcurrentDictionary<UInt128, bool> _keysInProgress = new();
    private readonly CampaignRunner _runner;

    private CampaignService(JobEngine engine, CampaignStore store, string directory, Func<CampaignDoor> openDoor, TimeProvider time, Action<Exception> onFailed)
    {
        _engine = engine;
        _store = store;
        _openDoor = openDoor;
        _time = time;
        Files = new CampaignFiles(directory);
        _runner = new CampaignRunner(engine, store, Files, openDoor(), _runs, time, onFailed);
    }

    public CampaignFiles Files { get; }

    internal CampaignRunner Runner => _runner;

    /// <summary>Position of the journal from which a start reads on: nothing at or after it may be deleted.</summary>
    public long Position => _runner.Position;

    /// <summary>Opens the campaigns of a data directory: held ones are held before any channel starts, cursors go on where the journal says.</summary>
    /// <param name="engine">Open, without stages that send texts yet.</param>
    /// <param name="dataDirectory">Files are in its folder <c>campaigns</c>.</param>
    /// <param name="openDoor">The intake.</param>
    /// <param name="time">Wall clock for hours, the monotonic one for rates.</param>
    /// <param name="onFailed">Told what made a turn fail; it is tried again.</param>
    /// <exception cref="Records.RecordsException">The database cannot be used.</exception>
    public static async Task<CampaignService> OpenAsync(JobEngine engine, string dataDirectory, Func<CampaignDoor> openDoor, TimeProvider time, Action<Exception> onFailed)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(openDoor);
        var directory = Path.Combine(dataDirectory, "campaigns");
        var store = CampaignStore.Open(directory);
        var service = new CampaignService(engine, store, directory, openDoor, time, onFailed);
        try
        {
            await service.RecoverAsync().ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins to make texts of rows.</summary>
    public void Start() => _runner.Start();

    /// <summary>Files have changed where they lie: what was read ahead of them is forgotten. Over when no text can come of it any more.</summary>
    public Task ReadAgainAsync(CancellationToken cancel) => _runner.ReadAgainAsync(cancel);

    /// <summary>An intake for a scan.</summary>
    public CampaignDoor OpenDoor() => _openDoor();

    /// <summary>Makes a campaign of a file that was received and looked at. On disk when it returns.</summary>
    /// <param name="spec">Checked by the scan.</param>
    /// <param name="file">Becomes the campaign's.</param>
    /// <param name="scan">Of this file with this spec.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="key">Of an Idempotency-Key.</param>
    public async ValueTask<CreateResult> CreateAsync(CampaignSpec spec, ReceivedFile file, CampaignScan scan, string by, RequestIdentity? key)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(scan);
        if (_runs.Count >= CampaignLimits.MaxOpen)
        {
            return new(null, new RequestError(429, "too_many_campaigns", null, $"{CampaignLimits.MaxOpen} campaigns are not over. Wait for one to end, or cancel one."), false);
        }

        var now = _time.GetUtcNow();
        var record = _store.Add(RecordOf(spec, file, scan, by, now), scan.Refused, key?.Key ?? default, key?.Content ?? default);
        Files.Keep(file, record.Id);
        _store.SetState(record.Id, CampaignState.Running, null);
        record = record with { State = CampaignState.Running };
        await TellAsync(CampaignEvents.Created, record, by).ConfigureAwait(false);
        _runs[record.Id] = new CampaignRun(record, _engine, _time);
        _runner.Wake();
        return new(record, null, false);
    }

    /// <summary>What an Idempotency-Key says: a campaign made before, a refusal, or nothing (and the key is the caller's until it is let go).</summary>
    public CreateResult? Claim(RequestIdentity key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_keysInProgress.TryAdd(key.Id, true))
        {
            return new(null, new RequestError(409, "in_progress", null, "The first request with this Idempotency-Key is still in progress. Try again in a moment."), false);
        }

        if (_store.FindKey(key.Key, _time.GetUtcNow() - CampaignLimits.KeyLife) is not { } known)
        {
            _store.ForgetKey(key.Key);
            return null;
        }

        LetGo(key);
        return known.Content.Span.SequenceEqual(key.Content.Span)
            ? new(Find(known.Id), null, true)
            : new(null, new RequestError(422, "idempotency_key_reused", null, "This Idempotency-Key was used with another body. Use a new key for a new request."), false);
    }

    public void LetGo(RequestIdentity key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _keysInProgress.TryRemove(key.Id, out _);
    }

    /// <summary>Null when there is none.</summary>
    public CampaignRecord? Find(long id) => _runs.TryGetValue(id, out var run) ? run.Record : _store.Find(id);

    /// <summary>A page, newest first.</summary>
    public IReadOnlyList<CampaignRecord> List(int limit, long before = long.MaxValue) =>
        [.. _store.List(limit, before).Select(record => _runs.TryGetValue(record.Id, out var run) ? run.Record : record)];

    /// <summary>Rows that are not sent, the first <see cref="CampaignStore.MaxRefusedKept"/>.</summary>
    public IReadOnlyList<RefusedRow> Refused(long id, int limit = CampaignStore.MaxRefusedKept) => _store.Refused(id, limit);

    /// <summary>What it has in its queues now; nothing when it is over.</summary>
    public FlowGroupInfo QueuedOf(long id) => _runs.TryGetValue(id, out var run) ? run.Queued : default;

    /// <summary>When the hours of one of its zones begin, when none that has something left is open.</summary>
    public DateTimeOffset? OpensAt(long id) => _runs.TryGetValue(id, out var run) ? run.OpensAt(_time.GetUtcNow()) : null;

    /// <summary>How each campaign that is not over stands: another answer when one turns, by somebody or by itself.</summary>
    public IEnumerable<(long Id, CampaignState State, bool IsOutsideHours, double? Rate)> Stands()
    {
        var now = _time.GetUtcNow();
        return _runs.Values.Select(run => (run.Record.Id, run.State, run.OpensAt(now) is not null, run.Rate));
    }

    /// <summary>When each open campaign will have left, by what its channels take now; null for those that are held or have no channel.</summary>
    public IReadOnlyDictionary<long, DateTimeOffset?> Etas() => CampaignEta.Of(_engine, _openDoor(), [.. _runs.Values], null, _time.GetUtcNow()).Ends;

    /// <summary>When a campaign of this scan would have its first and last text handed over if it began now.</summary>
    public (DateTimeOffset? First, DateTimeOffset? Last) Preview(CampaignSpec spec, CampaignScan scan) =>
        CampaignEta.Of(_engine, _openDoor(), [.. _runs.Values], (spec, scan), _time.GetUtcNow()).Candidate;

    /// <summary>Holds a campaign: nothing of it leaves any more when this returns, but what is in hand.</summary>
    /// <returns>Null when there is none; the error says why it cannot be.</returns>
    public ValueTask<CreateResult?> PauseAsync(long id, string by) => TurnAsync(id, CampaignState.Paused, CampaignEvents.Paused, by);

    public ValueTask<CreateResult?> ResumeAsync(long id, string by) => TurnAsync(id, CampaignState.Running, CampaignEvents.Resumed, by);

    /// <summary>Ends a campaign: nothing of it leaves any more when this returns, but what is in hand; what waited is settled after.</summary>
    public ValueTask<CreateResult?> CancelAsync(long id, string by) => TurnAsync(id, CampaignState.Cancelling, CampaignEvents.Cancelled, by);

    /// <summary>Another rate while it runs, parts a second; null: as fast as its channels. What leaves from now on keeps to it.</summary>
    /// <returns>Null when there is none; the error says why it cannot be.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not over 0.</exception>
    public async ValueTask<CreateResult?> ChangeRateAsync(long id, double? rate, string by)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate ?? 1);
        if (!_runs.TryGetValue(id, out var run))
        {
            return _store.Find(id) is { } over ? NotNow(over) : null;
        }

        if (run.Rate == rate)
        {
            return new(run.Record, null, true);
        }

        if (!run.ChangeRate(rate, to => _store.SetRate(id, to)))
        {
            return NotNow(run.Record);
        }

        _runner.Wake();
        await TellAsync(CampaignEvents.RateChanged, run.Record, by).ConfigureAwait(false);
        return new(run.Record, null, false);
    }

    /// <summary>Deletes files of campaigns that ended before a time; what they came to stays.</summary>
    public void DropFiles(DateTimeOffset endedBefore)
    {
        foreach (var id in _store.EndedBefore(endedBefore))
        {
            File.Delete(Files.PathOf(id));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync().ConfigureAwait(false);
        foreach (var run in _runs.Values)
        {
            run.Dispose();
        }

        _store.Dispose();
    }

    private async ValueTask<CreateResult?> TurnAsync(long id, CampaignState state, int fact, string by)
    {
        if (!_runs.TryGetValue(id, out var run))
        {
            return _store.Find(id) is { } over ? NotNow(over) : null;
        }

        if (run.State == state)
        {
            return new(run.Record, null, true);
        }

        if (!run.Turn(state, _time.GetUtcNow(), to => _store.SetState(id, to, null)))
        {
            return NotNow(run.Record);
        }

        _runner.Wake();
        await TellAsync(fact, run.Record, by).ConfigureAwait(false);
        return new(run.Record, null, false);
    }

    /// <summary>The fact for the log; on a full disk what was decided holds all the same.</summary>
    private async ValueTask TellAsync(int fact, CampaignRecord campaign, string by)
    {
        try
        {
            await _engine.WaitDurableAsync(CampaignEvents.Append(_engine, fact, campaign, by)).ConfigureAwait(false);
        }
        catch (JournalFullException)
        {
            // Kept in the database; the log lacks it.
        }
    }

    private static CreateResult NotNow(CampaignRecord campaign) => new(
        campaign, new RequestError(409, "not_possible_now", null, $"It is {campaign.State.ToString().ToLowerInvariant()}. Running campaigns can be paused and cancelled, paused ones resumed and cancelled, both given another rate."), false);

    private async Task RecoverAsync()
    {
        _store.DropUnmade();
        Files.DropUnfinished();
        foreach (var record in _store.Open())
        {
            _runs[record.Id] = new CampaignRun(record, _engine, _time);
        }

        await CampaignRecovery.RunAsync(_engine, Files, _runs, _store).ConfigureAwait(false);
    }

    private static CampaignRecord RecordOf(CampaignSpec spec, ReceivedFile file, CampaignScan scan, string by, DateTimeOffset now) => new()
    {
        Name = spec.Name,
        From = spec.From,
        Text = spec.Text,
        Channel = spec.Channel,
        Rate = spec.Rate,
        Hours = spec.Hours,
        Columns = scan.Columns,
        Delimiter = scan.Delimiter,
        Prefixes = scan.Prefixes,
        Rows = scan.Rows,
        BadRows = scan.BadRows,
        Parts = scan.Parts,
        FileBytes = file.Bytes,
        CreatedAt = now,
        CreatedBy = by,
        State = CampaignState.Making,
        Passes = scan.Passes,
    };
}

/// <summary>A request with an Idempotency-Key: whose it is, and what was asked.</summary>
/// <param name="Id">The caller's key.</param>
/// <param name="Content">Hash of file and fields.</param>
public sealed record RequestIdentity(UInt128 Id, ReadOnlyMemory<byte> Content)
{
    public ReadOnlyMemory<byte> Key { get; } = Bytes(Id);

    private static byte[] Bytes(UInt128 id)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, id);
        return bytes;
    }
}
