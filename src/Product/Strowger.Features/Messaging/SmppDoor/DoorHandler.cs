using System.Collections.Concurrent;
using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging.Sending;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// What ESMEs meet: bind, submit_sm, query_sm, cancel_sm. A text is answered when it is on disk; all that came in one read are written and
/// answered together.
/// </summary>
internal sealed class DoorHandler : SmppServerHandler
{
    /// <summary>Batches kept for the next read; more are made and let go under a burst.</summary>
    private const int MaxSpareBatches = 64;

    /// <summary>interface_version from which congestion_state may be told.</summary>
    private const byte FirstVersionWithCongestion = 0x50;

    private readonly MessagingService _messaging;
    private readonly DoorClients _clients;
    private readonly DoorBinds _binds;
    private readonly DoorQueries _queries;
    private readonly ConcurrentBag<SubmitBatch> _spare = [];
    private int _committing;
    private volatile bool _isStopping;

    /// <param name="messaging">Takes the texts.</param>
    /// <param name="clients">Who may bind.</param>
    /// <param name="hasTls">Nothing else is spoken.</param>
    /// <param name="onRefused">Told of a refused bind: who, as far as is known, and why.</param>
    public DoorHandler(MessagingService messaging, DoorClients clients, bool hasTls, Action<string, string> onRefused)
    {
        _messaging = messaging;
        _clients = clients;
        _binds = new DoorBinds(messaging, clients, hasTls, onRefused);
        _queries = new DoorQueries(messaging);
    }

    /// <summary>Requests are being written to disk.</summary>
    public bool IsCommitting => Volatile.Read(ref _committing) > 0;

    /// <summary>Takes nothing new from now on.</summary>
    public void StopTaking() => _isStopping = true;

    public override uint? OnBind(SmppServerSession session, in BindRequest bind) => _isStopping ? CommandStatus.BindFailed : _binds.Decide(session, bind);

    public override void OnBound(SmppServerSession session)
    {
        if (!Of(session).Client.Add(Of(session)))
        {
            _ = _clients.EndAsync([Of(session)]);
        }
    }

    public override void OnClosed(SmppServerSession session, string reason)
    {
        if (session.Tag is not DoorSession mine)
        {
            _binds.Gone(session, reason);
            return;
        }

        mine.Client.Remove(mine);
        mine.Delivery.Record(mine);
    }

    public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
    {
        var mine = Of(session);
        var status = Take(mine, sequence, pdu);
        if (status != CommandStatus.Ok)
        {
            mine.Client.CountRefused(status);
            session.RespondSubmit(sequence, status, default);
        }
    }

    public override void OnQuery(SmppServerSession session, uint sequence, in QuerySm pdu) =>
        _queries.Query(Of(session).Client, session, sequence, Encoding.Latin1.GetString(pdu.MessageId));

    public override void OnCancel(SmppServerSession session, uint sequence, in CancelSm pdu) =>
        _queries.Cancel(Of(session).Client, session, sequence, Encoding.Latin1.GetString(pdu.MessageId));

    public override void OnDeliverResponse(SmppServerSession session, long tag, uint status, bool late) =>
        Of(session).Delivery.Answered(Of(session), tag, status);

    public override void OnDeliverUnanswered(SmppServerSession session, long tag, UnansweredReason reason) =>
        Of(session).Delivery.Unanswered(Of(session), tag, reason);

    public override void OnWritable(SmppServerSession session) => (session.Tag as DoorSession)?.Delivery.Wake();

    public override void OnBatchEnd(SmppServerSession session)
    {
        if (session.Tag is not DoorSession mine)
        {
            return;
        }

        mine.Delivery.Record(mine);
        foreach (var batch in mine.Batches)
        {
            Interlocked.Increment(ref _committing);
            _ = CommitAsync(mine, batch);
        }

        mine.Batches.Clear();
    }

    private static DoorSession Of(SmppServerSession session) => (DoorSession)session.Tag!;

    /// <summary>Puts one text into the batch of this read. Returns what to refuse it with, or 0.</summary>
    private uint Take(DoorSession mine, uint sequence, in SubmitSm pdu)
    {
        var client = mine.Client;
        if (_isStopping || mine.IsEnding)
        {
            return CommandStatus.SystemError;
        }

        if (mine.Session.Unanswered > client.Settings.Window || !client.TryTake(0))
        {
            return CommandStatus.Throttled;
        }

        var now = _messaging.Time.GetUtcNow();
        var intake = mine.Intake;
        var status = mine.Reader.Read(pdu, client, now, intake.Request);
        if (status != CommandStatus.Ok)
        {
            return status;
        }

        if (intake.Prepare(out var message) is { } error)
        {
            return DoorStatus.Of(error);
        }

        if (!client.TryTake(message.Plan.Parts))
        {
            return CommandStatus.Throttled;
        }

        Add(mine, sequence, pdu, message, now);
        return CommandStatus.Ok;
    }

    private void Add(DoorSession mine, uint sequence, in SubmitSm pdu, in PreparedMessage message, DateTimeOffset now)
    {
        var queue = message.Route.Queue;
        if (mine.BatchOf(queue) is not { } batch)
        {
            batch = _spare.TryTake(out var spare) ? spare : new SubmitBatch();
            batch.Queue = queue;
            mine.Batches.Add(batch);
        }

        Span<byte> mark = stackalloc byte[SmppMark.MaxLength];
        var length = SmppMark.Write(pdu, mine.Client.SystemIdOctets, mark);
        batch.Jobs.Add(mine.Intake.ToJob(message, headers: mark[..length]));
        batch.Submits.Add((sequence, message.Plan.Parts));
        batch.Wait = TimeSpan.FromMilliseconds(Math.Max(0, message.EtaMs - Math.Max(message.DueMs, now.ToUnixTimeMilliseconds())));
    }

    private async Task CommitAsync(DoorSession mine, SubmitBatch batch)
    {
        BatchResult result;
        try
        {
            result = await _messaging.Engine.EnqueueAsync(batch.Jobs).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The disk failed under it: whoever sent it hears that it is not safe and sends it again.
            result = new BatchResult([], EnqueueStatus.StorageFull);
        }

        Answer(mine, batch, result);
        Interlocked.Decrement(ref _committing);
        batch.Clear();
        if (_spare.Count < MaxSpareBatches)
        {
            _spare.Add(batch);
        }
    }

    private static void Answer(DoorSession mine, SubmitBatch batch, BatchResult result)
    {
        Span<byte> id = stackalloc byte[DoorId.Length];
        if (mine.Session.InterfaceVersion >= FirstVersionWithCongestion)
        {
            mine.Session.CongestionState = DoorStatus.CongestionOf(batch.Wait, mine.Client.RateShare());
        }

        var (accepted, parts) = (0, 0);
        for (var i = 0; i < batch.Submits.Count; i++)
        {
            var submit = batch.Submits[i];
            if (i < result.Results.Count && result.Results[i].IsAccepted)
            {
                DoorId.Write(new MessageId(result.Results[i].Id), id);
                accepted++;
                parts += submit.Parts;
                mine.Session.RespondSubmit(submit.Sequence, CommandStatus.Ok, id);
                continue;
            }

            var status = DoorStatus.Of(i < result.Results.Count ? result.Results[i].Status : result.Stopped);
            mine.Client.CountRefused(status);
            mine.Session.RespondSubmit(submit.Sequence, status, default);
        }

        mine.Client.CountAccepted(accepted, parts);
    }
}
