using System.Net;

namespace Strowger.Smpp;

/// <summary>A listener for other people's ESMEs. Validated by the server's constructor, all mistakes together.</summary>
public sealed record SmppServerOptions
{
    /// <summary>Port 0 takes a free one; see <see cref="SmppServer.LocalEndPoint"/>.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 2775);

    /// <summary>Null: in the clear. With it nothing else is spoken on the port.</summary>
    public SmppServerTls? Tls { get; init; }

    /// <summary>What we call ourselves in bind answers.</summary>
    public string SystemId { get; init; } = "strowger";

    /// <summary>Connections at once, bound or not; further ones are closed at once.</summary>
    public int MaxSessions { get; init; } = 1000;

    /// <summary>A connection that has not agreed on TLS and bound by then is closed (session_init_timer).</summary>
    public TimeSpan SessionInitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A session that sends no PDU for this long is closed (inactivity_timer).</summary>
    public TimeSpan InactivityTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Silence after which we ask whether the ESME is there.</summary>
    public TimeSpan EnquireLinkInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For the answer to our deliver_sm and enquire_link.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan SendStallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often timers are looked at, 1 ms to 1 s.</summary>
    public TimeSpan TimerInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    public int MaxPduBytes { get; init; } = SmppLimits.DefaultMaxPduBytes;

    /// <summary>Requests of one session waiting for our answer; beyond it they are answered ESME_RTHROTTLED.</summary>
    public int MaxUnanswered { get; init; } = 1000;

    /// <summary>deliver_sm of ours waiting for one session's answer.</summary>
    public int DeliverWindow { get; init; } = 100;

    /// <summary>Octets encoded and not yet taken by the kernel, a session; twice this at most is held.</summary>
    public int SendBufferBytes { get; init; } = 512 * 1024;

    public int MaxFaults { get; init; } = 100;

    public IReadOnlyList<string> Validate()
    {
        List<string> mistakes = [];
        Check(SystemId is { Length: < SmppLimits.SystemIdBytes }, "SystemId is longer than 15 characters");
        Check(MaxSessions is >= 1 and <= 100_000, $"MaxSessions is {MaxSessions}; allowed is 1 to 100,000");
        foreach (var (time, name) in new[]
        {
            (SessionInitTimeout, nameof(SessionInitTimeout)), (InactivityTimeout, nameof(InactivityTimeout)), (EnquireLinkInterval, nameof(EnquireLinkInterval)),
            (ResponseTimeout, nameof(ResponseTimeout)), (SendStallTimeout, nameof(SendStallTimeout)),
        })
        {
            Check(time > TimeSpan.Zero && time <= TimeSpan.FromDays(1), $"{name} is {time}; allowed is above 0, up to a day");
        }

        Check(TimerInterval >= TimeSpan.FromMilliseconds(1) && TimerInterval <= TimeSpan.FromSeconds(1), $"TimerInterval is {TimerInterval}; allowed is 1 ms to 1 s");
        Check(MaxPduBytes is >= 512 and <= 1024 * 1024, $"MaxPduBytes is {MaxPduBytes}; allowed is 512 to 1 MiB");
        Check(MaxUnanswered is >= 1 and <= 100_000, $"MaxUnanswered is {MaxUnanswered}; allowed is 1 to 100,000");
        Check(DeliverWindow is >= 1 and <= 10_000, $"DeliverWindow is {DeliverWindow}; allowed is 1 to 10,000");
        Check(SendBufferBytes >= MaxPduBytes + ControlReserveBytes, $"SendBufferBytes is {SendBufferBytes}; at least {MaxPduBytes + ControlReserveBytes} is needed for one PDU and the answers");
        return mistakes;

        void Check(bool good, string mistake)
        {
            if (!good)
            {
                mistakes.Add(mistake);
            }
        }
    }

    /// <summary>Room for one answer, with a message_id of the greatest length and a small TLV.</summary>
    internal const int AnswerBytes = SmppLimits.HeaderBytes + SmppLimits.MessageIdBytes + 15;

    internal int ControlReserveBytes => (MaxUnanswered + 2) * AnswerBytes;
}
