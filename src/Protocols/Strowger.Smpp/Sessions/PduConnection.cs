using System.Diagnostics.CodeAnalysis;

namespace Strowger.Smpp;

/// <summary>
/// One TCP connection, of either role: reads in batches, writes in batches, keeps the window of our own requests, asks whether the
/// link is alive. Used once. Two locks: <see cref="Gate"/> around state, held for instants; the callbacks' lock around everything
/// that is reported, never taken while the gate is held.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds nothing to release.")]
internal abstract class PduConnection
{
    private readonly PduTransport _transport;
    private readonly PduInput _input;
    private readonly Lock _callbacks;
    private readonly LinkWatch _link;
    private readonly FlushQueue _flushes;
    private readonly List<Unanswered> _taken = [];
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _open = true;
    private volatile bool _bound;
    private long _lastReceived;
    private int _faults;

    protected PduConnection(
        PduTransport transport, PduConnectionLimits limits, PduInput input, Lock callbacks, TimeProvider clock, int window, uint firstSequence, bool trace)
    {
        _transport = transport;
        _input = input;
        _callbacks = callbacks;
        Limits = limits;
        Clock = clock;
        Trace = trace;
        Window = new RequestWindow(window, firstSequence);
        Output = new PduOutput(transport, Gate, limits.SendBufferBytes, clock, Close, OnDrained);
        _flushes = new FlushQueue(Output, Gate);
        StartedAt = clock.GetTimestamp();
        _lastReceived = StartedAt;
        _link = new LinkWatch(clock, limits.EnquireLinkInterval, limits.ResponseTimeout);
    }

    public PduConnectionLimits Limits { get; }
    public bool IsOpen => _open;
    public bool IsBound => _bound;
    /// <summary>Both sides have said goodbye, or the peer has: closing is then the end of our octets and no reset.</summary>
    public bool IsOrderly { get; set; }
    public string? EndReason { get; private set; }
    public int Outstanding => Window.Outstanding;
    public string? TlsVersion => _transport.Tls?.Version;

    protected Lock Gate { get; } = new();
    protected RequestWindow Window { get; }
    protected PduOutput Output { get; }
    protected TimeProvider Clock { get; }
    protected bool Trace { get; }
    protected bool IsOpening => !_transport.IsOpen;
    protected long StartedAt { get; }
    protected long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Responses to nothing we know.</summary>
    protected long Unmatched { get; private set; }

    /// <summary>Receives until the connection ends, then reports what stayed unanswered.</summary>
    public async Task<string> RunAsync()
    {
        try
        {
            await _transport.OpenAsync(_closing.Token).ConfigureAwait(false);
            OnOpen();
            await ReceiveAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A failing callback costs this connection, not the process.
            Close(PduTransport.WordsOf(e) ?? CallbackFailed(e));
        }

        await Output.WhenIdleAsync().ConfigureAwait(false);
        _transport.Dispose();
        string? failure = ReportLost();
        return failure ?? EndReason ?? "the connection ended";
    }

    public void Flush() => Output.Flush();

    /// <summary>Ends the connection; the first reason given stands. The receive loop then reports.</summary>
    public void Close(string reason)
    {
        bool isWriting;
        lock (Gate)
        {
            if (!_open)
            {
                return;
            }

            _open = false;
            EndReason = reason;
            isWriting = Output.Close();
        }

        _transport.Close(IsOrderly, isWriting);

        // On a pool thread: whoever closes may hold locks that the receive loop's end takes too.
        _ = _closing.CancelAsync();
    }

    /// <summary>Counts a bad PDU; too many end the connection.</summary>
    public void Fault(string field, string problem)
    {
        if (++_faults >= Limits.MaxFaults)
        {
            Close($"{_faults} bad PDUs from {Limits.Peer}; the last: {field} {problem}");
        }
    }

    /// <summary>Sends a PDU of a header, and of one NUL for the responses that carry an empty message_id. False when the connection is gone.</summary>
    public bool SendBare(uint commandId, uint status, uint sequence)
    {
        bool full;
        lock (Gate)
        {
            if (!_open)
            {
                return false;
            }

            bool hasId = commandId is CommandId.DeliverSmResp or CommandId.DataSmResp;
            int length = SmppLimits.HeaderBytes + (hasId ? 1 : 0);
            full = !Output.TryReserve(length, 0, out var span);
            if (!full)
            {
                span[^1] = 0;
                new PduHeader((uint)length, commandId, status, sequence).Write(span);
                Commit(span);
                QueueFlush();
            }
        }

        if (full)
        {
            Close($"{Limits.Peer} does not read our answers");
        }

        return !full;
    }

    /// <summary>A request of ours without a slot in the window: enquire_link, unbind.</summary>
    public bool SendBareRequest(uint commandId)
    {
        uint sequence;
        lock (Gate)
        {
            sequence = Window.TakeSequence();
        }

        return SendBare(commandId, CommandStatus.Ok, sequence);
    }

    /// <summary>What cannot be followed further: says so and closes.</summary>
    public void RejectStream(PduFault fault)
    {
        SendBare(CommandId.GenericNack, fault.Status, 0);
        Flush();
        Close($"{Limits.Peer} sent what is no PDU: {fault.Reason}");
    }

    /// <summary>Takes the requests that a run of responses answers out of the window, in one turn of the lock.</summary>
    public void Resolve(Span<ResponseMatch> run)
    {
        lock (Gate)
        {
            foreach (ref var match in run)
            {
                match.Found = Window.TryTake(match.Sequence, out match.Tag, out match.Waiter);
                if (!match.Found)
                {
                    match.Found = match.Late = Window.Late.TryTake(match.Sequence, out match.Tag);
                    Unmatched += match.Found ? 0 : 1;
                }
            }

            OnWindowShrunk();
        }
    }

    /// <summary>Looks at every timer. A callback that fails costs this connection.</summary>
    public void Tick()
    {
        try
        {
            LookAtTimers();
        }
        catch (Exception e)
        {
            Close(CallbackFailed(e));
        }
    }

    private void LookAtTimers()
    {
        long now = Clock.GetTimestamp();
        long blockedSince = Output.BlockedSince;
        if (!_bound)
        {
            TickUnbound(now);
        }
        else if (blockedSince != 0 && Elapsed(blockedSince, now) >= Limits.SendStallTimeout)
        {
            Close($"{Limits.Peer} has read nothing for {Limits.SendStallTimeout.TotalSeconds:0.#} s");
        }
        else
        {
            switch (_link.Look(now, LastReceived))
            {
                case LinkWatch.Verdict.Ask:
                    SendBareRequest(CommandId.EnquireLink);
                    break;
                case LinkWatch.Verdict.Dead:
                    Close($"no sign of life within {Limits.ResponseTimeout.TotalSeconds:0.#} s of an enquire_link");
                    break;
            }

            TickBound(now);
            ReportExpired(now);
        }
    }

    /// <summary>Reads PDUs and reports them; returns the octets consumed. Not finished when reading has to wait for room for answers.</summary>
    protected abstract int Process(ReadOnlySpan<byte> data, out bool finished);

    protected abstract void OnUnanswered(in Unanswered request, UnansweredReason reason);

    protected abstract void OnBatchEnd();

    protected abstract void OnRoomAgain();

    protected abstract void TickUnbound(long now);

    protected abstract void TraceSent(ReadOnlySpan<byte> pdu);

    protected virtual void TickBound(long now) { }

    /// <summary>Octets may be sent: TLS, where there is any, has been agreed on.</summary>
    protected virtual void OnOpen() { }

    /// <summary>Awaited before each read; a way to push back on the peer by TCP.</summary>
    protected virtual Task BeforeReadAsync(CancellationToken closing) => Task.CompletedTask;

    /// <summary>With the gate held, after requests left the window.</summary>
    protected virtual void OnWindowShrunk() { }

    protected TimeSpan Elapsed(long from, long to) => Clock.GetElapsedTime(from, to);

    /// <summary>With the gate held.</summary>
    protected void SetBound() => _bound = _open;

    /// <summary>Adds a PDU that was encoded into the last reservation. With the gate held.</summary>
    protected void Commit(ReadOnlySpan<byte> pdu)
    {
        Output.Commit(pdu.Length);
        if (Trace)
        {
            TraceSent(pdu);
        }
    }

    /// <summary>Adds a request of ours and its slot. With the gate held.</summary>
    protected void CommitRequest(uint sequence, ReadOnlySpan<byte> pdu, long tag, object? waiter)
    {
        Commit(pdu);
        Window.Add(sequence, tag, waiter, Clock.GetTimestamp(), Output.Position);
    }

    /// <summary>Has what is committed written soon, if no batch end is going to. With the gate held.</summary>
    protected void QueueFlush() => _flushes.Request();

    private async Task ReceiveAsync()
    {
        while (true)
        {
            await BeforeReadAsync(_closing.Token).ConfigureAwait(false);
            int octets = await _transport.ReceiveAsync(_input.Free).ConfigureAwait(false);
            if (octets == 0)
            {
                IsOrderly = true;
                Close(_bound ? $"{Limits.Peer} closed the connection" : $"{Limits.Peer} closed the connection before the bind was complete");
                return;
            }

            Volatile.Write(ref _lastReceived, Clock.GetTimestamp());
            _input.Received(octets);
            while (!ProcessBatch() && _open)
            {
                await Output.WhenIdleAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>False when answers have no room: to be called again once the output has drained.</summary>
    private bool ProcessBatch()
    {
        bool finished;
        lock (_callbacks)
        {
            _flushes.BeginBatch();
            _input.Consume(Process(_input.Data, out finished));
            _flushes.EndBatch();
        }

        Flush();
        return finished;
    }

    private void ReportExpired(long now)
    {
        long limit = now - (long)(Limits.ResponseTimeout.TotalSeconds * Clock.TimestampFrequency);
        lock (_callbacks)
        {
            lock (Gate)
            {
                if (!_open)
                {
                    return;
                }

                Window.TakeExpired(limit, _taken);
                OnWindowShrunk();
            }

            Report(closed: false);
        }

        Flush();
    }

    private string? ReportLost()
    {
        lock (_callbacks)
        {
            lock (Gate)
            {
                Window.TakeAll(_taken);
                OnWindowShrunk();
            }

            return Report(closed: true);
        }
    }

    /// <summary>Every request is reported even if a callback fails; returns the failure.</summary>
    private string? Report(bool closed)
    {
        string? failure = null;
        for (int i = 0; i <= _taken.Count && _taken.Count > 0; i++)
        {
            try
            {
                if (i == _taken.Count)
                {
                    OnBatchEnd();
                    break;
                }

                OnUnanswered(_taken[i], !closed ? UnansweredReason.Timeout
                    : _taken[i].EndsAt > Output.Written ? UnansweredReason.NotWritten : UnansweredReason.ConnectionLost);
            }
            catch (Exception e)
            {
                failure = CallbackFailed(e);
                Close(failure);
            }
        }

        _taken.Clear();
        return failure;
    }

    private void OnDrained()
    {
        try
        {
            lock (_callbacks)
            {
                if (_open)
                {
                    OnRoomAgain();
                }
            }
        }
        catch (Exception e)
        {
            Close(CallbackFailed(e));
        }

        Flush();
    }

    private static string CallbackFailed(Exception e) => $"a callback failed: {e.Message}";
}
