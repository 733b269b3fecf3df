using System.Text;

namespace Strowger.Smpp;

/// <summary>One bind to a carrier. Validated by the client's constructor, all mistakes together.</summary>
public sealed record SmppClientOptions
{
    public const int MaxWindow = 10_000;

    public required string Host { get; init; }
    public int Port { get; init; } = 2775;
    public string SystemId { get; init; } = "";
    public string Password { get; init; } = "";
    public string SystemType { get; init; } = "";
    public BindMode BindMode { get; init; } = BindMode.Transceiver;

    /// <summary>Null: in the clear. Shaking hands counts against <see cref="BindTimeout"/>.</summary>
    public SmppClientTls? Tls { get; init; }

    /// <summary>0x34 unless the carrier speaks 3.3 only.</summary>
    public byte InterfaceVersion { get; init; } = 0x34;
    public byte AddressTon { get; init; }
    public byte AddressNpi { get; init; }
    public string AddressRange { get; init; } = "";

    /// <summary>Unanswered requests at once, 1 to 10,000.</summary>
    public int Window { get; init; } = 50;

    /// <summary>Silence from the carrier after which we ask whether it is there.</summary>
    public TimeSpan EnquireLinkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A request without an answer for this long is reported unanswered; an enquire_link, and the connection is dead.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan BindTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A carrier that reads nothing for this long while octets wait is cut off.</summary>
    public TimeSpan SendStallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the first attempt to come back; doubles with each, with jitter, up to <see cref="ReconnectMax"/>.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(250);
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait after a wrong password or system id: carriers lock accounts that keep trying.</summary>
    public TimeSpan RefusedBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often timers are looked at, 1 ms to 1 s: the grain of every timeout here.</summary>
    public TimeSpan TimerInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Octets; larger PDUs end the connection.</summary>
    public int MaxPduBytes { get; init; } = SmppLimits.DefaultMaxPduBytes;

    /// <summary>Octets encoded and not yet taken by the kernel; twice this at most is held.</summary>
    public int SendBufferBytes { get; init; } = 512 * 1024;

    /// <summary>deliver_sm and data_sm waiting for our answer; beyond it they are answered ESME_RMSGQFUL.</summary>
    public int MaxUnansweredDelivers { get; init; } = 1000;

    /// <summary>Malformed or unknown PDUs on one connection before it is cut.</summary>
    public int MaxFaults { get; init; } = 100;

    /// <summary>Every mistake, in words; empty when the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> mistakes = [];
        Check(Host is { Length: > 0 and <= 255 }, "Host is empty or longer than 255 characters");
        Check(Port is >= 1 and <= 65535, $"Port is {Port}; allowed is 1 to 65535");
        CheckField(SystemId, SmppLimits.LenientCredentialBytes - 1, nameof(SystemId));
        CheckField(Password, SmppLimits.LenientCredentialBytes - 1, nameof(Password));
        CheckField(SystemType, SmppLimits.LenientCredentialBytes - 1, nameof(SystemType));
        CheckField(AddressRange, SmppLimits.AddressRangeBytes - 1, nameof(AddressRange));
        Check(Enum.IsDefined(BindMode), "BindMode is none of transmitter, receiver, transceiver");
        Check(Window is >= 1 and <= MaxWindow, $"Window is {Window}; allowed is 1 to {MaxWindow}");
        foreach (var (time, name) in new[]
        {
            (EnquireLinkInterval, nameof(EnquireLinkInterval)), (ResponseTimeout, nameof(ResponseTimeout)), (BindTimeout, nameof(BindTimeout)),
            (ConnectTimeout, nameof(ConnectTimeout)), (SendStallTimeout, nameof(SendStallTimeout)), (ReconnectMin, nameof(ReconnectMin)),
            (ReconnectMax, nameof(ReconnectMax)), (RefusedBackoff, nameof(RefusedBackoff)),
        })
        {
            Check(time > TimeSpan.Zero && time <= TimeSpan.FromDays(1), $"{name} is {time}; allowed is above 0, up to a day");
        }

        Check(ReconnectMin <= ReconnectMax, "ReconnectMin is above ReconnectMax");
        Check(TimerInterval >= TimeSpan.FromMilliseconds(1) && TimerInterval <= TimeSpan.FromSeconds(1), $"TimerInterval is {TimerInterval}; allowed is 1 ms to 1 s");
        Check(MaxPduBytes is >= 512 and <= 1024 * 1024, $"MaxPduBytes is {MaxPduBytes}; allowed is 512 to 1 MiB");
        Check(MaxUnansweredDelivers is >= 1 and <= 100_000, $"MaxUnansweredDelivers is {MaxUnansweredDelivers}; allowed is 1 to 100,000");
        Check(SendBufferBytes >= MaxPduBytes + ControlReserveBytes, $"SendBufferBytes is {SendBufferBytes}; at least {MaxPduBytes + ControlReserveBytes} is needed for one PDU and the answers");
        return mistakes;

        void Check(bool good, string mistake)
        {
            if (!good)
            {
                mistakes.Add(mistake);
            }
        }

        void CheckField(string? value, int max, string name) =>
            Check(value is not null && Encoding.UTF8.GetByteCount(value) <= max && !value.Contains('\0', StringComparison.Ordinal), $"{name} is longer than {max} octets or holds a NUL");
    }

    /// <summary>Send buffer kept for answers, so that submits can never crowd them out: one for each deliver_sm, and 64 others.</summary>
    internal int ControlReserveBytes => (MaxUnansweredDelivers + 64) * DeliverSmResp.EncodedLength;
}
