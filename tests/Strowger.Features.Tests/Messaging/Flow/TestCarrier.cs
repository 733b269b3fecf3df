using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>A carrier on a free port that does with each submit what the test says.</summary>
internal sealed class TestCarrier : SmppServerHandler, IAsyncDisposable
{
    private readonly SmppServer _server;
    private int _count;

    public TestCarrier()
    {
        _server = new SmppServer(new SmppServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, this, TimeProvider.System);
        _server.Start();
        Port = _server.LocalEndPoint!.Port;
    }

    public int Port { get; }

    /// <summary>Status for the n-th submit (from 1), or null for no answer.</summary>
    public Func<int, uint?> Answer { get; set; } = _ => 0u;

    public Func<int, string> IdOf { get; set; } = n => FormattableString.Invariant($"C{n:D6}");

    public ConcurrentQueue<(string To, byte[] Payload, byte EsmClass, byte Coding)> Submits { get; } = new();

    /// <summary>validity_period of each submit.</summary>
    public ConcurrentQueue<string> Validities { get; } = new();

    /// <summary>TLVs of each submit, by tag.</summary>
    public ConcurrentQueue<Dictionary<ushort, byte[]>> SubmitTlvs { get; } = new();

    /// <summary>TLVs of each answer; none when it is not set.</summary>
    public byte[] AnswerTlvs { get; set; } = [];

    public ConcurrentQueue<uint> DeliverAnswers { get; } = new();

    public Action<SmppServerSession, int>? BeforeAnswer { get; set; }

    public Action<SmppServerSession, int>? AfterAnswer { get; set; }

    public SmppServerSession Session => _server.Sessions.First(s => s.IsBound);

    public IEnumerable<SmppServerSession> Sessions => _server.Sessions;

    public override uint? OnBind(SmppServerSession session, in BindRequest bind) => 0;

    public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
    {
        var n = Interlocked.Increment(ref _count);
        Submits.Enqueue((Encoding.ASCII.GetString(pdu.Destination), pdu.ShortMessage.ToArray(), pdu.EsmClass, pdu.DataCoding));
        var tlvs = new Dictionary<ushort, byte[]>();
        foreach (var tlv in pdu.Tlvs)
        {
            tlvs.Add(tlv.Tag, tlv.Value.ToArray());
        }

        SubmitTlvs.Enqueue(tlvs);
        Validities.Enqueue(Encoding.ASCII.GetString(pdu.ValidityPeriod));
        BeforeAnswer?.Invoke(session, n);
        if (Answer(n) is { } status)
        {
            session.RespondSubmit(sequence, status, status == 0 ? Encoding.ASCII.GetBytes(IdOf(n)) : default, new Tlvs(AnswerTlvs));
        }

        AfterAnswer?.Invoke(session, n);
    }

    /// <summary>message_state for an id, null for "not known"; asked ids with their source are kept.</summary>
    public Func<string, byte?> StateOf { get; set; } = _ => null;

    public ConcurrentQueue<(string Id, string Source)> Queries { get; } = new();

    public override void OnQuery(SmppServerSession session, uint sequence, in QuerySm pdu)
    {
        var id = Encoding.ASCII.GetString(pdu.MessageId);
        Queries.Enqueue((id, Encoding.ASCII.GetString(pdu.Source)));
        if (StateOf(id) is { } state)
        {
            session.RespondQuery(sequence, new QuerySmResp { MessageId = pdu.MessageId, MessageState = state });
        }
        else
        {
            session.Respond(CommandId.QuerySmResp, sequence, CommandStatus.QueryFailed);
        }
    }

    public override void OnDeliverResponse(SmppServerSession session, long tag, uint status, bool late) => DeliverAnswers.Enqueue(status);

    public static void Receipt(SmppServerSession session, string id, ReceiptState state, string to, byte[]? tlvs = null)
    {
        var text = new byte[ReceiptWriter.MaxLength];
        var fields = new ReceiptFields { MessageId = Encoding.ASCII.GetBytes(id), State = state, Error = "000"u8 };
        var length = ReceiptWriter.Write(fields, default, text);
        var pdu = new DeliverSm
        {
            EsmClass = 4,
            Source = Encoding.ASCII.GetBytes(to),
            Destination = "12345"u8,
            ShortMessage = text.AsSpan(0, length),
            Tlvs = new Tlvs(tlvs),
        };
        session.Deliver(1, pdu);
        session.Flush();
    }

    public static void Text(SmppServerSession session, string from, string text)
    {
        var pdu = new DeliverSm { Source = Encoding.ASCII.GetBytes(from), Destination = "12345"u8, ShortMessage = Encoding.ASCII.GetBytes(text) };
        session.Deliver(2, pdu);
        session.Flush();
    }

    /// <summary>One part of a concatenated text, by user data header (8-bit reference).</summary>
    public static void Part(SmppServerSession session, string from, string text, byte reference, byte parts, byte part)
    {
        byte[] payload = [5, 0, 3, reference, parts, part, .. Encoding.ASCII.GetBytes(text)];
        session.Deliver(2, new DeliverSm { EsmClass = 0x40, Source = Encoding.ASCII.GetBytes(from), Destination = "12345"u8, ShortMessage = payload });
        session.Flush();
    }

    /// <summary>A text, or a part of one by the sar_ parameters, with TLVs of the carrier's own.</summary>
    public static void WithTlvs(SmppServerSession session, string from, string text, byte[] tlvs)
    {
        session.Deliver(2, new DeliverSm { Source = Encoding.ASCII.GetBytes(from), Destination = "12345"u8, ShortMessage = Encoding.ASCII.GetBytes(text), Tlvs = new Tlvs(tlvs) });
        session.Flush();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
