using System.Net.Sockets;
using System.Text;

namespace Strowger.Smpp;

/// <summary>The server's end of a connection: answers, deliveries, the count of requests that wait for an answer.</summary>
internal sealed class ServerConnection : PduConnection
{
    private const byte FirstVersionWithTlvs = 0x34;
    private static readonly TimeSpan ReadDelaySlice = TimeSpan.FromMilliseconds(100);

    private readonly SmppServerSession _session;
    private readonly SmppServerOptions _options;
    private readonly SmppServerHandler _handler;
    private readonly ServerInbox _inbox;
    private readonly byte[] _systemId;
    private int _unanswered;
    private uint _bindSequence;

    public ServerConnection(SmppServerSession session, Socket socket, SmppServer server)
        : base(new PduTransport(socket, server.Options.Tls is { } tls ? new ServerTls(socket, tls) : null), server.Limits, new PduInput(server.Options.MaxPduBytes), new Lock(), server.Clock, server.Options.DeliverWindow,
            SmppLimits.FirstSequence, server.Handler.TracePdus)
    {
        _session = session;
        _options = server.Options;
        _handler = server.Handler;
        _systemId = Encoding.ASCII.GetBytes(_options.SystemId);
        _inbox = new ServerInbox(this, session, _handler, Trace);
    }

    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>A bind request came and is not answered yet.</summary>
    public bool IsBinding => _bindSequence != 0;

    public void OnBindRequest(in BindRequest bind, uint sequence)
    {
        _bindSequence = sequence == 0 ? 1 : sequence;
        _session.Describe(bind);
        uint? status = _handler.OnBind(_session, bind);
        if (status is not null)
        {
            AnswerBind(status.Value);
        }
    }

    public void AnswerBind(uint status)
    {
        lock (Gate)
        {
            if (!IsOpen || IsBound || _bindSequence == 0)
            {
                return;
            }

            Span<byte> version = [0x02, 0x10, 0x00, 0x01, 0x34];
            var response = new BindResp { SystemId = _systemId, Tlvs = AllowsTlvs && status == CommandStatus.Ok ? new Tlvs(version) : default };
            if (Output.TryReserve(response.EncodedLength, 0, out var span))
            {
                response.Encode(span, _session.Mode, status, _bindSequence);
                Commit(span);
            }

            _bindSequence = 0;
            if (status == CommandStatus.Ok)
            {
                SetBound();
            }

            QueueFlush();
        }

        if (status == CommandStatus.Ok)
        {
            _handler.OnBound(_session);
        }
        else
        {
            Flush();
            Close($"the bind was refused: {CommandStatus.Words(status)} ({CommandStatus.Name(status)})");
        }
    }

    /// <summary>Counts a request that waits for an answer. False when too many do.</summary>
    public bool TryBeginRequest()
    {
        lock (Gate)
        {
            if (_unanswered >= _options.MaxUnanswered)
            {
                return false;
            }

            _unanswered++;
            return true;
        }
    }

    /// <summary>Whether every request that may now be read could be answered; if not, reading waits until the ESME has read.</summary>
    public bool HasRoomForAnswers()
    {
        lock (Gate)
        {
            return Output.Room >= (_unanswered + 2) * SmppServerOptions.AnswerBytes;
        }
    }

    public bool RespondSubmit(uint sequence, uint status, ReadOnlySpan<byte> messageId, scoped Tlvs tlvs)
    {
        Span<byte> congestion = [TlvTag.CongestionState >> 8, TlvTag.CongestionState & 0xFF, 0, 1, _session.CongestionState ?? 0];
        if (tlvs.IsEmpty && _session.CongestionState is not null)
        {
            tlvs = new Tlvs(congestion);
        }

        var response = new SubmitSmResp { MessageId = messageId, Tlvs = AllowsTlvs ? tlvs : default };
        bool full;
        lock (Gate)
        {
            EndRequest();
            if (!IsOpen)
            {
                return false;
            }

            if (Output.Room < response.EncodedLength + (_unanswered * SmppServerOptions.AnswerBytes))
            {
                response = new SubmitSmResp { MessageId = messageId };
            }

            int length = status == CommandStatus.Ok ? response.EncodedLength : SmppLimits.HeaderBytes;
            full = !Output.TryReserve(length, 0, out var span);
            if (!full)
            {
                response.Encode(span, status, sequence);
                Commit(span);
                QueueFlush();
            }
        }

        return !CloseIf(full);
    }

    public bool RespondQuery(uint sequence, in QuerySmResp response)
    {
        bool full;
        lock (Gate)
        {
            EndRequest();
            if (!IsOpen)
            {
                return false;
            }

            full = !Output.TryReserve(response.EncodedLength, 0, out var span);
            if (!full)
            {
                response.Encode(span, CommandStatus.Ok, sequence);
                Commit(span);
                QueueFlush();
            }
        }

        return !CloseIf(full);
    }

    public bool Respond(uint commandId, uint sequence, uint status)
    {
        lock (Gate)
        {
            EndRequest();
        }

        return SendBare(commandId, status, sequence);
    }

    public SubmitRefusal Deliver(long tag, in DeliverSm given)
    {
        var pdu = given;
        if (!AllowsTlvs && !given.Tlvs.IsEmpty)
        {
            pdu = WithoutTlvs(given);
        }

        int length = pdu.EncodedLength;
        if (length > _options.MaxPduBytes)
        {
            throw new ArgumentException($"The PDU has {length} octets; at most {_options.MaxPduBytes} are sent.", nameof(given));
        }

        lock (Gate)
        {
            if (!IsOpen || !IsBound || _session.Mode == BindMode.Transmitter)
            {
                return SubmitRefusal.NotBound;
            }

            if (Window.Outstanding >= Window.Limit)
            {
                return SubmitRefusal.WindowFull;
            }

            if (!Output.TryReserve(length, Limits.ControlReserveBytes, out var span))
            {
                return SubmitRefusal.Congested;
            }

            uint sequence = Window.PeekSequence();
            pdu.Encode(span, sequence);
            CommitRequest(sequence, span, tag, waiter: null);
            return SubmitRefusal.None;
        }
    }

    protected override int Process(ReadOnlySpan<byte> data, out bool finished) => _inbox.Process(data, out finished);

    protected override void OnUnanswered(in Unanswered request, UnansweredReason reason) =>
        _handler.OnDeliverUnanswered(_session, request.Tag, reason);

    protected override void OnBatchEnd() => _handler.OnBatchEnd(_session);

    protected override void OnRoomAgain() => _handler.OnWritable(_session);

    protected override void TraceSent(ReadOnlySpan<byte> pdu) => _handler.OnPdu(_session, sent: true, pdu);

    protected override void TickUnbound(long now)
    {
        if (Elapsed(StartedAt, now) >= _options.SessionInitTimeout)
        {
            Close(IsOpening ? $"TLS was not agreed on within {_options.SessionInitTimeout.TotalSeconds:0.#} s"
                : $"no bind within {_options.SessionInitTimeout.TotalSeconds:0.#} s");
        }
    }

    protected override void TickBound(long now)
    {
        if (Elapsed(LastReceived, now) >= _options.InactivityTimeout)
        {
            Close($"nothing received for {_options.InactivityTimeout.TotalSeconds:0.#} s");
        }
    }

    protected override Task BeforeReadAsync(CancellationToken closing) =>
        _session.ReadDelay > TimeSpan.Zero ? WaitReadDelayAsync(closing) : Task.CompletedTask;

    /// <summary>In slices, so that a shortened delay takes effect soon.</summary>
    private async Task WaitReadDelayAsync(CancellationToken closing)
    {
        long start = Clock.GetTimestamp();
        while (_session.ReadDelay - Clock.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            await Task.Delay(left < ReadDelaySlice ? left : ReadDelaySlice, Clock, closing).ConfigureAwait(false);
        }
    }

    private bool AllowsTlvs => _session.InterfaceVersion >= FirstVersionWithTlvs;

    private static DeliverSm WithoutTlvs(DeliverSm pdu) => new()
    {
        ServiceType = pdu.ServiceType,
        SourceTon = pdu.SourceTon,
        SourceNpi = pdu.SourceNpi,
        Source = pdu.Source,
        DestinationTon = pdu.DestinationTon,
        DestinationNpi = pdu.DestinationNpi,
        Destination = pdu.Destination,
        EsmClass = pdu.EsmClass,
        ProtocolId = pdu.ProtocolId,
        PriorityFlag = pdu.PriorityFlag,
        RegisteredDelivery = pdu.RegisteredDelivery,
        DataCoding = pdu.DataCoding,
        ShortMessage = pdu.ShortMessage,
    };

    private void EndRequest() => _unanswered = Math.Max(0, _unanswered - 1);

    private bool CloseIf(bool full)
    {
        if (full)
        {
            Close($"{Limits.Peer} does not read our answers");
        }

        return full;
    }
}
