using System.Net.Sockets;
using System.Text;

namespace Strowger.Smpp;

/// <summary>The client's end of a connection: bind, submits, the count of deliveries that wait for our answer.</summary>
internal sealed class ClientConnection : PduConnection
{
    private readonly SmppClient _client;
    private readonly SmppClientOptions _options;
    private readonly SmppClientHandler _handler;
    private readonly ClientInbox _inbox;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _draining;
    private int _unansweredDelivers;

    public ClientConnection(SmppClient client, Socket socket, int window, uint firstSequence)
        : base(TransportOf(socket, client), client.Limits, client.Input, client.Callbacks, client.Clock, window, firstSequence, client.Handler.TracePdus)
    {
        _client = client;
        _options = client.Options;
        _handler = client.Handler;
        _inbox = new ClientInbox(this, _handler, _options, Trace);
    }

    public int FreeWindow
    {
        get
        {
            lock (Gate)
            {
                return IsOpen && IsBound && !_draining && !IsPaused() ? Math.Max(0, Window.Limit - Window.Outstanding) : 0;
            }
        }
    }

    /// <summary>Set by the inbox: an answer or a delivery came.</summary>
    public bool WasUseful { get; set; }

    public uint BindStatus { get; private set; }

    public long UnmatchedResponses => Unmatched;

    /// <summary>Binds, and stays until the connection ends.</summary>
    public async Task<ConnectionEnd> BindAndRunAsync()
    {
        string reason = await RunAsync().ConfigureAwait(false);
        _drained.TrySetResult();
        _unbound.TrySetResult();
        return new ConnectionEnd(reason, BindStatus, WasUseful);
    }

    public void SetWindow(int limit)
    {
        lock (Gate)
        {
            Window.SetLimit(limit);
        }
    }

    public SubmitRefusal Submit(long tag, in SubmitSm pdu)
    {
        int length = pdu.EncodedLength;
        if (length > _options.MaxPduBytes)
        {
            throw new ArgumentException($"The PDU has {length} octets; at most {_options.MaxPduBytes} are sent.", nameof(pdu));
        }

        lock (Gate)
        {
            var refusal = TryOpenSlot(length, out uint sequence, out var span);
            if (refusal == SubmitRefusal.None)
            {
                pdu.Encode(span, sequence);
                CommitRequest(sequence, span, tag, waiter: null);
            }

            return refusal;
        }
    }

    public Task<QueryResult> QueryAsync(in QuerySm query, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (TryOpenSlot(query.EncodedLength, out uint sequence, out var span) != SubmitRefusal.None)
            {
                return Task.FromResult(new QueryResult(QueryOutcome.NotSent, 0, 0, 0, ""));
            }

            var waiter = new TaskCompletionSource<QueryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            query.Encode(span, sequence);
            CommitRequest(sequence, span, tag: 0, waiter);
            QueueFlush();
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Counts a delivery that waits for our answer. False when too many do.</summary>
    public bool TryBeginDeliver()
    {
        lock (Gate)
        {
            if (_unansweredDelivers >= _options.MaxUnansweredDelivers)
            {
                return false;
            }

            _unansweredDelivers++;
            return true;
        }
    }

    public bool AnswerDeliver(uint sequence, uint status, bool isData)
    {
        lock (Gate)
        {
            _unansweredDelivers = Math.Max(0, _unansweredDelivers - 1);
        }

        return SendBare(isData ? CommandId.DataSmResp : CommandId.DeliverSmResp, status, sequence);
    }

    /// <summary>Whether every PDU that may now be read could be answered; if not, reading waits until the carrier has read.</summary>
    public bool HasRoomForAnswers()
    {
        lock (Gate)
        {
            return Output.Room >= (_unansweredDelivers + 2) * DeliverSmResp.EncodedLength;
        }
    }

    /// <param name="status">Of the answer.</param>
    /// <param name="hint">What may help, for the reason of a refusal.</param>
    public void OnBindAnswer(uint status, string hint = "")
    {
        if (status != CommandStatus.Ok)
        {
            BindStatus = status;
            Close($"the bind was refused: {CommandStatus.Words(status)} ({CommandStatus.Name(status)}){hint}");
            return;
        }

        lock (Gate)
        {
            SetBound();
        }

        _client.OnBound();
    }

    public void OnUnbindAnswer()
    {
        IsOrderly = true;
        _unbound.TrySetResult();
    }

    /// <summary>Takes no more requests and waits until those under way are answered.</summary>
    public Task DrainAsync(TimeSpan deadline)
    {
        lock (Gate)
        {
            _draining = true;
            OnWindowShrunk();
        }

        return WaitAsync(_drained.Task, deadline);
    }

    public async Task UnbindAsync(TimeSpan deadline)
    {
        if (SendBareRequest(CommandId.Unbind))
        {
            Flush();
            await WaitAsync(_unbound.Task, deadline).ConfigureAwait(false);
        }
    }

    protected override int Process(ReadOnlySpan<byte> data, out bool finished) => _inbox.Process(data, out finished);

    protected override void OnOpen() => SendBind();

    protected override void OnUnanswered(in Unanswered request, UnansweredReason reason)
    {
        if (request.Waiter is TaskCompletionSource<QueryResult> waiter)
        {
            waiter.TrySetResult(new QueryResult(QueryOutcome.Unanswered, 0, 0, 0, ""));
        }
        else
        {
            _handler.OnUnanswered(request.Tag, reason);
        }
    }

    protected override void OnBatchEnd() => _handler.OnBatchEnd();

    protected override void OnRoomAgain() => _handler.OnWritable();

    protected override void TraceSent(ReadOnlySpan<byte> pdu) => _handler.OnPdu(sent: true, pdu);

    protected override void TickUnbound(long now)
    {
        if (Elapsed(StartedAt, now) >= _options.BindTimeout)
        {
            Close(IsOpening ? $"TLS was not agreed on within {_options.BindTimeout.TotalSeconds:0.#} s (a plain port?)"
                : $"no answer to the bind within {_options.BindTimeout.TotalSeconds:0.#} s");
        }
    }

    protected override void OnWindowShrunk()
    {
        if (_draining && Window.Outstanding == 0)
        {
            _drained.TrySetResult();
        }
    }

    private async Task WaitAsync(Task task, TimeSpan deadline)
    {
        try
        {
            await task.WaitAsync(deadline, Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The deadline is an ordinary end: what is left is reported as lost.
        }
    }

    private static PduTransport TransportOf(Socket socket, SmppClient client) =>
        new(socket, client.Options.Tls is { } tls ? new ClientTls(socket, tls, client.Options.Host, client.Clock) : null);

    private void SendBind()
    {
        var bind = new BindRequest
        {
            Mode = _options.BindMode,
            SystemId = Encoding.UTF8.GetBytes(_options.SystemId),
            Password = Encoding.UTF8.GetBytes(_options.Password),
            SystemType = Encoding.UTF8.GetBytes(_options.SystemType),
            InterfaceVersion = _options.InterfaceVersion,
            AddressTon = _options.AddressTon,
            AddressNpi = _options.AddressNpi,
            AddressRange = Encoding.UTF8.GetBytes(_options.AddressRange),
        };
        lock (Gate)
        {
            if (Output.TryReserve(bind.EncodedLength, 0, out var span))
            {
                bind.Encode(span, Window.TakeSequence());
                Commit(span);
            }
        }

        Flush();
    }

    private SubmitRefusal TryOpenSlot(int length, out uint sequence, out Span<byte> span)
    {
        sequence = 0;
        span = default;
        if (!IsOpen || !IsBound || _draining || _client.IsStopping)
        {
            return SubmitRefusal.NotBound;
        }

        if (Window.Outstanding >= Window.Limit)
        {
            return SubmitRefusal.WindowFull;
        }

        if (IsPaused())
        {
            return SubmitRefusal.Paused;
        }

        if (!Output.TryReserve(length, Limits.ControlReserveBytes, out span))
        {
            return SubmitRefusal.Congested;
        }

        sequence = Window.PeekSequence();
        return SubmitRefusal.None;
    }

    private bool IsPaused() => _client.PausedUntil is not 0 and long until && Clock.GetTimestamp() < until;
}
