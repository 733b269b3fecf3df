using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// Reads the log and makes a delivery of each receipt that a client asked for and of each incoming text to one of its numbers. Its cursor is
/// written after the deliveries are durable; what lies behind the cursor at a start is read twice, first for the deliveries made of it
/// already: nothing is queued twice, and no key is kept for it. Clients may change at any time, from any thread.
/// </summary>
internal sealed class DeliverPolicy : Projection
{
    private readonly JobEngine _engine;
    private volatile Outlets _outlets = new([]);
    private readonly WatchedRange _range;
    private readonly RecentAcceptances _recent;
    private readonly MessageReader _reader;
    private readonly DeliverPdu _pdu = new();
    private readonly EventHandling _addReceipt;
    private readonly HashSet<long> _queued = [];
    private readonly HashSet<(long Parent, MessageStatus Status)> _told = [];
    private readonly Dictionary<int, string> _stages = [];
    private Cause _cause;
    private long _last;

    public DeliverPolicy(JobEngine engine, IEnumerable<DoorClient> clients, string cursorPath)
    {
        _engine = engine;
        Change(clients);
        _range = new WatchedRange(cursorPath);
        _recent = new RecentAcceptances(engine);
        _reader = new MessageReader(engine);
        _addReceipt = AddReceipt;
    }

    public override string Name => "smpp-clients";

    /// <summary>There are others than before, or they have other numbers. What is being made for one that is gone goes with it.</summary>
    public void Change(IEnumerable<DoorClient> clients)
    {
        var before = _outlets;
        _outlets = new Outlets(clients.Select(client => before.Of(client) ?? new Outlet(client, _engine.Flow(client.Account, Lane.Normal, string.Empty))));
    }

    public override long LoadCursor()
    {
        // What was in batches that failed is made again.
        _told.Clear();
        _queued.Clear();
        foreach (var outlet in _outlets.All)
        {
            outlet.Batch.Clear();
        }

        if (_range.Read() is not { } cursor || cursor > _engine.Journal.End)
        {
            // The first start, or another journal's cursor: nobody waits for what happened before.
            cursor = _engine.Journal.DurableEnd;
            _range.Write(cursor);
            return cursor;
        }

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
            if (SmppMark.TryRead(item.Headers, out var mark) && mark.WantsReceipt)
            {
                _range.Add(item.Job.Value);
                _recent.Add(item);
            }
        }
        else if (item.Kind == EntryKind.Event && item.Code == MessagingEvents.Inbound)
        {
            AddText(item);
        }
        else if (!item.Job.IsNone && _range.Holds(item.Parent.Value) && PartStatus.Of(item) is var status && PartStatus.IsFinal(status)
            && (item.Stage == 0 || OtherStages.IsChannel(StageOf(item.Stage))))
        {
            Tell(item, status);
        }
    }

    public override void Commit(long cursor)
    {
        foreach (var outlet in _outlets.All)
        {
            Enqueue(outlet);
        }

        _queued.RemoveWhere(source => source <= _last);
        _range.Write(cursor);
    }

    private void NoteQueued(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Accepted && DeliverMark.IsOne(item.Headers))
        {
            _queued.Add(DeliverMark.SourceOf(item.Headers));
        }
    }

    /// <summary>A text of several parts is told of once, when the last of them is over.</summary>
    private void Tell(in EngineEvent item, MessageStatus status)
    {
        if (item.Parts > 1)
        {
            status = _reader.FinalStatusOf(item.Parent, item.Parts);
        }

        if (status == 0)
        {
            return;
        }

        if (_told.Count >= DoorLimits.MaxTold)
        {
            _told.Clear();
        }

        if (!_told.Add((item.Parent.Value, status)))
        {
            return;
        }

        // A view cannot be kept over another read: what the receipt needs of the event is taken out of it.
        var state = DoorStatus.StateOf(status);
        byte[] error = [];
        if (item.Kind == EntryKind.Event && ReceiptData.TryRead(item.Data, out var receipt))
        {
            state = PartStatus.Of(receipt.State) == status && receipt.State <= ReceiptState.Skipped ? receipt.State : state;
            error = receipt.Error.ToArray();
        }
        else if (item.Kind == EntryKind.Dead)
        {
            error = new byte[3];
            DeliverPdu.WriteError(item.Code, error);
        }

        _cause = new Cause(item.Position.Value, item.TimeMs, status, state, error);
        _recent.Read(item.Parent, item.Kind == EntryKind.Event, _addReceipt);
    }

    private void AddReceipt(in EngineEvent accepted)
    {
        if (!SmppMark.TryRead(accepted.Headers, out var mark) || !mark.Wants(_cause.Status == MessageStatus.Delivered)
            || _outlets.Of(mark) is not { } outlet || !MessageBodyReader.TryRead(accepted.Data, out var message, out _))
        {
            return;
        }

        Span<byte> id = stackalloc byte[DoorId.Length];
        DoorId.Write(new MessageId(accepted.Job), id);
        Add(outlet, _cause.Position, _pdu.Receipt(message, mark, new ReceiptFields
        {
            MessageId = id,
            State = _cause.State,
            Error = _cause.Error,
            SubmitDate = DateTimeOffset.FromUnixTimeMilliseconds(accepted.TimeMs).UtcDateTime,
            DoneDate = DateTimeOffset.FromUnixTimeMilliseconds(_cause.TimeMs).UtcDateTime,
        }));
    }

    private void AddText(in EngineEvent item)
    {
        var outlets = _outlets;
        if (outlets.HasNumbers && InboundText.Parse(item.Data) is { } text && outlets.Of(text.To) is { } outlet)
        {
            Add(outlet, item.Position.Value, _pdu.Text(text));
        }
    }

    private void Add(Outlet outlet, long source, ReadOnlySpan<byte> pdu)
    {
        if (_queued.Count > 0 && _queued.Contains(source))
        {
            return;
        }

        // A batch is bounded; the rest of this round goes into the next.
        if (outlet.Batch.Count >= JobBatch.MaxJobs)
        {
            Enqueue(outlet);
        }

        Span<byte> mark = stackalloc byte[DeliverMark.Length];
        DeliverMark.Write(source, mark);
        outlet.Batch.Add(new NewJob
        {
            Flow = outlet.Flow,
            Headers = mark,
            Body = pdu,
            ExpiresMs = (_engine.Time.GetUtcNow() + DoorLimits.DeliverLife).ToUnixTimeMilliseconds(),
        });
    }

    /// <summary>Durable when it returns. Runs on the projection's own thread, so it may wait: the log is the buffer.</summary>
    private void Enqueue(Outlet outlet)
    {
        var count = outlet.Batch.Count;
        if (count == 0)
        {
            return;
        }

        var result = _engine.EnqueueAsync(outlet.Batch).AsTask().GetAwaiter().GetResult();
        outlet.Batch.Clear();
        if (result.Stopped == EnqueueStatus.QueueFull)
        {
            // A client that is away for long must not hold up the others.
            outlet.Client.CountDropped(count - result.Results.Count);
        }
        else if (result.Stopped != EnqueueStatus.Accepted)
        {
            throw new InvalidOperationException($"Receipts cannot be queued for their clients now ({result.Stopped}); it is tried again.");
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
    private readonly record struct Cause(long Position, long TimeMs, MessageStatus Status, ReceiptState State, byte[] Error);
}
