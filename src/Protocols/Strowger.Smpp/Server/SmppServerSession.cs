using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Strowger.Smpp;

/// <summary>One ESME's connection to our server.</summary>
public sealed class SmppServerSession
{
    private readonly ServerConnection _connection;
    private int _congestion = -1;

    internal SmppServerSession(long id, Socket socket, SmppServer server)
    {
        Id = id;
        Remote = socket.RemoteEndPoint as IPEndPoint;
        _connection = new ServerConnection(this, socket, server);
    }

    /// <summary>Counts up from 1 over the server's life.</summary>
    public long Id { get; }

    public IPEndPoint? Remote { get; }

    /// <summary>Empty before the bind, as are the other facts of the bind.</summary>
    public string SystemId { get; private set; } = "";

    public string SystemType { get; private set; } = "";

    public BindMode Mode { get; private set; } = BindMode.Transceiver;

    /// <summary>As the ESME gave it; below 0x34 no TLVs are sent (section 3.3).</summary>
    public byte InterfaceVersion { get; private set; }

    /// <summary>TLS 1.2 or TLS 1.3; null in the clear, and until it is agreed on.</summary>
    public string? TlsVersion => _connection.TlsVersion;

    public bool IsBound => _connection.IsBound && _connection.IsOpen;

    /// <summary>Requests of the ESME that wait for our answer.</summary>
    public int Unanswered => _connection.Unanswered;

    /// <summary>Deliveries of ours without an answer.</summary>
    public int Outstanding => _connection.Outstanding;

    /// <summary>The handler's own.</summary>
    public object? Tag { get; set; }

    /// <summary>Waited before each read, to push back on the ESME by TCP; may be changed at any time.</summary>
    public TimeSpan ReadDelay { get; set; }

    /// <summary>Sent with every accepted submit as congestion_state (SMPP 5.0, 4.8.4.18), 0 idle to 100 congested; null sends none. May be changed at any time.</summary>
    public byte? CongestionState
    {
        get => Volatile.Read(ref _congestion) is >= 0 and var state ? (byte)state : null;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.GetValueOrDefault(), (byte)100, nameof(value));
            Volatile.Write(ref _congestion, value is { } state ? state : -1);
        }
    }

    internal ServerConnection Connection => _connection;

    /// <summary>Ends after the last callback.</summary>
    internal Task Run { get; set; } = Task.CompletedTask;

    /// <summary>Answers a bind that the handler left open.</summary>
    public void AnswerBind(uint status) => _connection.AnswerBind(status);

    /// <summary>
    /// Answers submit_sm. False when the session is gone. TLVs are left out for a peer below 3.4 or without room; TLVs of the caller's own go instead
    /// of <see cref="CongestionState"/>.
    /// </summary>
    public bool RespondSubmit(uint sequence, uint status, ReadOnlySpan<byte> messageId, Tlvs tlvs = default) =>
        _connection.RespondSubmit(sequence, status, messageId, tlvs);

    /// <summary>Answers query_sm with what was found.</summary>
    public bool RespondQuery(uint sequence, in QuerySmResp response) => _connection.RespondQuery(sequence, response);

    /// <summary>Answers any request with a status alone. <paramref name="commandId"/> is the response's.</summary>
    public bool Respond(uint commandId, uint sequence, uint status) => _connection.Respond(commandId, sequence, status);

    /// <summary>Sends an incoming text or a receipt. <see cref="Flush"/> after a batch outside the callbacks.</summary>
    public SubmitRefusal Deliver(long tag, in DeliverSm pdu) => _connection.Deliver(tag, pdu);

    public void Flush() => _connection.Flush();

    /// <summary>Sends unbind; the ESME is expected to close.</summary>
    public void Unbind()
    {
        _connection.SendBareRequest(CommandId.Unbind);
        _connection.Flush();
    }

    public void Close(string reason) => _connection.Close(reason);

    internal void Describe(in BindRequest bind)
    {
        SystemId = Encoding.Latin1.GetString(bind.SystemId);
        SystemType = Encoding.Latin1.GetString(bind.SystemType);
        Mode = bind.Mode;
        InterfaceVersion = bind.InterfaceVersion;
    }
}
