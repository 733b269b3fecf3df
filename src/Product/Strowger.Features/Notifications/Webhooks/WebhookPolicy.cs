using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>
/// Reads the log and makes a job of each new status of a message for each address that wants it. Its cursor is written after the jobs
/// are durable; what lies behind the cursor at a start is read twice, first for the jobs made of it already: nothing is queued twice, and
/// no key is kept for it.
/// </summary>
internal sealed class WebhookPolicy : Projection, IDisposable
{
    private readonly JobEngine _engine;
    private readonly WebhookSet _webhooks;
    private readonly WatchedRange _range;
    private readonly RecentAcceptances _recent;
    private readonly WebhookQueue _queue;
    private readonly RecentParts _parts;
    private readonly MessageEventJson _json = new();
    private readonly JobBatch _batch = new();
    private readonly HashSet<(long Source, string Place)> _queued = [];
    private readonly HashSet<(long Parent, string Type)> _told = [];
    private readonly Dictionary<int, string> _stages = [];
    private Cause _cause = null!;
    private long _last;
    private long _committed;
    private long _written;
    private long _writtenAt;
    private long _made;

    public WebhookPolicy(JobEngine engine, WebhookSet webhooks, string cursorPath)
    {
        _engine = engine;
        _webhooks = webhooks;
        _range = new WatchedRange(cursorPath);
        _recent = new RecentAcceptances(engine);
        _queue = new WebhookQueue(engine);
        _parts = new RecentParts(new MessageReader(engine));
    }

    public override string Name => "webhooks";

    /// <summary>Posts queued in this run.</summary>
    public long Made => Volatile.Read(ref _made);

    public override long LoadCursor()
    {
        _batch.Clear();
        _queued.Clear();

        // What was in the batch that failed is told of again.
        _told.Clear();
        _parts.Clear();
        if (_range.Read() is not { } cursor || cursor > _engine.Journal.End)
        {
            // The first start, or another journal's cursor: what happened before nobody asked to be told of.
            cursor = _engine.Journal.DurableEnd;
            Write(cursor);
            return cursor;
        }

        _committed = _written = cursor;
        var reader = EventReader.From(_engine, cursor);
        while (reader.ReadRecord(NoteQueued))
        {
        }

        return cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        _last = item.Position.Value;
        if (item.Kind == EntryKind.Accepted)
        {
            Accept(item);
        }
        else if (!item.Job.IsNone && PartStatus.Of(item) is var status && EventTypes.Of(status) is { } type
            && (item.Stage == 0 || OtherStages.IsChannel(StageOf(item.Stage))) && IsWanted(item.Parent.Value, type) && IsMessages(item, status, type))
        {
            Tell(item, type);
        }

        // A batch is bounded; the rest of this round goes into the next.
        if (_batch.Count >= JobBatch.MaxJobs - WebhookBatchSlack)
        {
            Enqueue();
        }
    }

    public override void Commit(long cursor)
    {
        Enqueue();
        _queued.RemoveWhere(queued => queued.Source <= _last);
        _committed = cursor;
        if (_engine.Time.GetElapsedTime(_writtenAt) >= _writeEvery)
        {
            Write(cursor);
        }
    }

    /// <summary>Once nothing is read any more.</summary>
    public void Dispose()
    {
        if (_committed > _written)
        {
            try
            {
                Write(_committed);
            }
            catch (IOException)
            {
                // It is read again, as after a kill.
            }
        }

        _json.Dispose();
    }

    private void Write(long cursor)
    {
        _range.Write(cursor);
        _committed = _written = cursor;
        _writtenAt = _engine.Time.GetTimestamp();
    }

    /// <summary>What is read again after a kill costs less than a file each time. An older cursor is harmless.</summary>
    private static readonly TimeSpan _writeEvery = TimeSpan.FromSeconds(1);

    /// <summary>Jobs that one event can make.</summary>
    private const int WebhookBatchSlack = Strowger.Records.RecordsLimits.MaxWebhooks + 1;

    private void NoteQueued(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Accepted && WebhookTarget.IsOne(item.Headers) && WebhookTarget.SourceOf(item.Headers) > 0
            && WebhookTarget.Parse(item.Headers) is { Kind: not TargetKind.Channel } target)
        {
            _queued.Add((target.Source, PlaceOf(target.Kind, target.Name)));
        }
    }

    /// <summary>What tells the posts of one event apart. A message has one callback at most, and what is queued already may be without its account.</summary>
    private static string PlaceOf(TargetKind kind, string name) => kind == TargetKind.Webhook ? name : string.Empty;

    private void Accept(in EngineEvent item)
    {
        // Of a message: nothing stands beside its body.
        if (!MessageMark.IsOfMessage(item.Headers) || !MessageBodyReader.TryRead(item.Data, out var message, out _))
        {
            return;
        }

        if (!message.CallbackUrl.IsEmpty)
        {
            _range.Add(item.Job.Value);
        }

        if (!message.CallbackUrl.IsEmpty || _webhooks.Endpoints.Count > 0)
        {
            _recent.Add(item);
            _parts.Accept(item);
        }
    }

    private bool IsWanted(long parent, string type) => _range.Holds(parent) || _webhooks.Wanting(type).Length > 0;

    /// <summary>A message of several parts is told of when its worst part gets there, once.</summary>
    private bool IsMessages(in EngineEvent item, Strowger.Records.Messages.MessageStatus status, string type)
    {
        if (item.Parts <= 1 && item.Part == 0)
        {
            return true;
        }

        if (_parts.After(item) != status)
        {
            return false;
        }

        if (_told.Count >= WebhookLimits.MaxTold)
        {
            _told.Clear();
        }

        return _told.Add((item.Parent.Value, type));
    }

    private void Tell(in EngineEvent item, string type)
    {
        // A view cannot be kept over another read: what the acceptance is joined with is copied, some 300 octets at most.
        _cause = new Cause(item.Position, item.TimeMs, item.Kind, item.Code, item.Stage, type, item.Data.ToArray());
        _recent.Read(item.Parent, item.Kind == EntryKind.Event, AddJobs);
    }

    private void AddJobs(in EngineEvent accepted)
    {
        if (!MessageMark.IsOfMessage(accepted.Headers) || !MessageBodyReader.TryRead(accepted.Data, out var message, out _))
        {
            return;
        }

        var (position, timeMs, kind, code, stage, type, data) = _cause;
        var item = new EngineEvent { Position = position, TimeMs = timeMs, Kind = kind, Code = code, Stage = stage, Data = data };
        var channel = kind == EntryKind.Event && ReceiptData.TryRead(data, out var receipt) ? Encoding.UTF8.GetString(receipt.Channel)
            : stage > 0 ? StageOf(stage)
            : null;
        var body = _json.Write(type, item, accepted, message, channel);
        foreach (var endpoint in _webhooks.Wanting(type))
        {
            Add(TargetKind.Webhook, endpoint.Record.Id, endpoint.Record.Url, endpoint.Host, accepted, body);
        }

        if (KannelReport.IsOne(message.CallbackUrl))
        {
            AddReport(message.CallbackUrl, item, accepted, channel ?? string.Empty, body);
        }
        else if (!message.CallbackUrl.IsEmpty && WebhookSet.TryUrl(Encoding.UTF8.GetString(message.CallbackUrl), out var callback))
        {
            Add(TargetKind.Callback, Encoding.UTF8.GetString(message.Account), callback.OriginalString, WebhookSet.HostOf(callback), accepted, body);
        }
    }

    /// <summary>Of the reports that a Kannel program asked for.</summary>
    private void AddReport(ReadOnlySpan<byte> callback, in EngineEvent item, in EngineEvent accepted, string channel, ReadOnlySpan<byte> body)
    {
        var type = KannelReport.TypeOf(_cause.Type, item.Kind == EntryKind.Event);
        if (KannelReport.Parse(Encoding.UTF8.GetString(callback)) is not { } report || (type & report.Mask) == 0)
        {
            return;
        }

        var (answer, carrierId) = KannelAnswer.Of(item);
        var filled = report.Fill(new KannelReportValues(type, answer, channel, new MessageId(accepted.Job).ToString(), carrierId, item.TimeMs));
        if (WebhookSet.TryUrl(filled, out var url))
        {
            Add(TargetKind.Report, string.Empty, url.OriginalString, WebhookSet.HostOf(url), accepted, body);
        }
    }

    private void Add(TargetKind kind, string name, string url, string host, in EngineEvent accepted, ReadOnlySpan<byte> body)
    {
        var (position, type) = (_cause.Position.Value, _cause.Type);
        if (_queued.Count > 0 && _queued.Contains((position, PlaceOf(kind, name))))
        {
            return;
        }

        var target = new WebhookTarget(
            kind, position, _cause.TimeMs, name, kind == TargetKind.Webhook ? string.Empty : url, WebhookQueue.EventId(position), type, new MessageId(accepted.Job).ToString());
        _batch.Add(_queue.Job(target, host, body));
        _made++;
    }

    /// <summary>Durable when it returns. Runs on the projection's own thread, so it may wait: the log is the buffer.</summary>
    private void Enqueue()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        var result = _engine.EnqueueAsync(_batch).AsTask().GetAwaiter().GetResult();
        _batch.Clear();
        if (result.Stopped != EnqueueStatus.Accepted)
        {
            throw new InvalidOperationException($"Events cannot be queued for posting now ({result.Stopped}); it is tried again.");
        }
    }

    private string StageOf(int number)
    {
        if (!_stages.TryGetValue(number, out var name))
        {
            _stages[number] = name = _engine.StageName(number);
        }

        return name;
    }

    /// <summary>The event that is told of.</summary>
    private sealed record Cause(EventPosition Position, long TimeMs, EntryKind Kind, int Code, int Stage, string Type, byte[] Data);
}
