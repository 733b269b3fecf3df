using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// Drains what waits for one client over any of its binds that take deliveries. While it has none, what waits stays where it is and is no
/// attempt. What it does not answer in time, or was on the wire when a bind was cut, is delivered again.
/// </summary>
internal sealed class ClientDelivery : IAsyncDisposable
{
    private static readonly TimeSpan _congestedPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);

    private readonly JobEngine _engine;
    private readonly DoorClient _client;
    private readonly Stage _stage;
    private readonly JobBodies _bodies;
    private readonly InFlightTable _inFlight = new();
    private readonly CompletionBatch _refused = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private int _next;

    public ClientDelivery(JobEngine engine, DoorClient client)
    {
        _engine = engine;
        _client = client;
        _bodies = new JobBodies(engine);
        engine.ChangeQueue(client.Account, bound: DoorLimits.MaxWaiting);
        _stage = engine.AddStage(
            new StageOptions
            {
                Name = $"{DeliverMark.Noun}:{client.Settings.SystemId}",
                Width = WidthOf(client.Settings),
                UrgentSlots = 0,

                // They end by age; a kill or a cut bind is no reason to give one up either.
                MaxAttempts = 255,
                MaxResends = 255,
                Backoff = new Backoff(DoorLimits.FirstRetry, DoorLimits.LastRetry),
                UnsureGrace = TimeSpan.FromSeconds(1),
            },
            client.Account);
        _stage.SetCapacity(0);
        client.Stage = _stage;
        client.ReceiversChanged = OnReceiversChanged;
        _run = Task.Run(RunAsync);
    }

    /// <summary>The client's answer to a delivery.</summary>
    public void Answered(DoorSession session, long tag, uint status)
    {
        var part = _inFlight.Take(tag);
        if (part.Id.IsNone)
        {
            return;
        }

        session.Taken += status == CommandStatus.Ok ? 1 : 0;
        if (part.IsLate)
        {
            _engine.Settle(part.Id, OutcomeOf(status));
        }
        else
        {
            session.Outcomes.Add(part.Id, part.Token, OutcomeOf(status));
        }
    }

    /// <summary>A delivery without an answer.</summary>
    public void Unanswered(DoorSession session, long tag, UnansweredReason reason)
    {
        var part = reason == UnansweredReason.Timeout ? _inFlight.KeepForLate(tag) : _inFlight.Take(tag);
        if (part.Id.IsNone || (part.IsLate && reason != UnansweredReason.Timeout))
        {
            return;
        }

        session.Outcomes.Add(part.Id, part.Token, reason switch
        {
            UnansweredReason.NotWritten => Outcome.Unreachable(MessagingCodes.NotWritten),
            UnansweredReason.Timeout => Outcome.Unsure(MessagingCodes.NoAnswer),
            _ => Outcome.Unsure(MessagingCodes.ConnectionLost),
        });
    }

    /// <summary>Writes down what the answers of one read say.</summary>
    public void Record(DoorSession session)
    {
        if (session.Outcomes.Count > 0)
        {
            _stage.Complete(session.Outcomes);
            session.Outcomes.Clear();
        }

        if (session.Taken > 0)
        {
            _client.CountDelivered(session.Taken);
            session.Taken = 0;
        }
    }

    /// <summary>The client has other settings.</summary>
    public void Change() => _stage.Change(_stage.Options with { Width = WidthOf(_client.Settings) });

    /// <summary>The client is gone for good; what waits for it stays where it is until its time is over.</summary>
    public async Task RemoveAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        _engine.RemoveStage(_stage);
        _stage.Dispose();
    }

    /// <summary>There is room again on a bind.</summary>
    public void Wake() => _stage.Wake();

    /// <summary>Hands out nothing more and waits for answers on the way, at most so long.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        var started = _engine.Time.GetTimestamp();
        while (_stage.InFlight > 0 && _client.Receivers.Length > 0 && _engine.Time.GetElapsedTime(started) < deadline)
        {
            await Task.Delay(_look, _engine.Time).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _stop.Dispose();
    }

    private static int WidthOf(DoorClientSettings settings) => settings.Binds * DoorLimits.DeliverWindow;

    private static Outcome OutcomeOf(uint status) => status switch
    {
        CommandStatus.Ok => Outcome.Done(),
        CommandStatus.PermanentAppError or CommandStatus.RejectAppError or CommandStatus.InvalidCommandId or CommandStatus.InvalidMessageLength =>
            Outcome.Permanent((int)status),
        _ => Outcome.Retry((int)Math.Min(status, int.MaxValue)),
    };

    private void OnReceiversChanged() => _stage.SetCapacity(_client.Receivers.Length * DoorLimits.DeliverWindow);

    private async Task RunAsync()
    {
        var leases = new Lease[DoorLimits.MaxLeases];
        try
        {
            while (await _stage.LeaseAsync(leases, _stop.Token).ConfigureAwait(false) is > 0 and var count)
            {
                if (!Deliver(leases.AsSpan(0, count)))
                {
                    // No bind had room though the window said so (a slow reader): not at once again.
                    await Task.Delay(_congestedPause, _engine.Time, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>False when something found no room on any bind.</summary>
    private bool Deliver(ReadOnlySpan<Lease> leases)
    {
        var receivers = _client.Receivers;
        var hadRoom = true;
        foreach (ref readonly var lease in leases)
        {
            hadRoom &= DeliverOne(lease, receivers);
        }

        foreach (var receiver in receivers)
        {
            receiver.Flush();
        }

        if (_refused.Count > 0)
        {
            _stage.Complete(_refused);
            _refused.Clear();
        }

        return hadRoom;
    }

    private bool DeliverOne(in Lease lease, SmppServerSession[] receivers)
    {
        if (!_bodies.TryRead(lease.BodyPosition, out var accepted) || accepted.Data.Length < SmppLimits.HeaderBytes
            || !DeliverSm.TryDecode(accepted.Data[SmppLimits.HeaderBytes..], out var pdu, out _))
        {
            _refused.Add(lease.Id, lease.Token, Outcome.Permanent(MessagingCodes.UnreadableBody));
            return true;
        }

        var tag = _inFlight.Add(lease.Id, lease.Token, 0, 0);
        for (var i = 0; i < receivers.Length; i++)
        {
            var receiver = receivers[(_next + i) % receivers.Length];
            if (receiver.Deliver(tag, pdu) == SubmitRefusal.None)
            {
                _next = (_next + i + 1) % receivers.Length;
                return true;
            }
        }

        _inFlight.Take(tag);
        _refused.Add(lease.Id, lease.Token, Outcome.Unreachable(MessagingCodes.NotWritten));
        return false;
    }
}
