using Strowger.Engine;
using Strowger.Features.Messaging.Limits;
using Strowger.Smpp.Text;

namespace Strowger.Server.Configuration;

/// <summary>What stands behind a channel.</summary>
public enum ChannelKind
{
    /// <summary>A carrier's SMPP binds.</summary>
    Smpp,

    /// <summary>Nothing: accepts everything at once, to see how many could be generated.</summary>
    Discard,
}

/// <summary>How an SMPP channel binds.</summary>
public enum ChannelMode
{
    /// <summary>Each bind sends and receives (bind_transceiver).</summary>
    Transceiver,

    /// <summary>Sends only (bind_transmitter): no receipts, no incoming texts.</summary>
    Transmitter,

    /// <summary>For carriers of before SMPP 3.4: binds that send and as many that receive.</summary>
    Pair,
}

/// <summary>How a carrier is given a text that is longer than one short message.</summary>
public enum LongMessageForm
{
    /// <summary>In parts with user data headers.</summary>
    Udh,

    /// <summary>In parts with the sar_ parameters of SMPP.</summary>
    Sar,

    /// <summary>In one piece as message_payload.</summary>
    Payload,
}

/// <summary>One channel, checked. Reads the same from the file, the API and the settings.</summary>
public sealed record ChannelConfiguration
{
    /// <summary>1 to 64 of a-z, A-Z, 0-9, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    public required ChannelKind Kind { get; init; }

    /// <summary>Name or address.</summary>
    public string Host { get; init; } = "";

    public int Port { get; init; } = 2775;

    public string SystemId { get; init; } = "";

    /// <summary>Null when <see cref="PasswordFile"/> says it.</summary>
    public string? Password { get; init; }

    /// <summary>Its first line is the password, read at each bind.</summary>
    public string? PasswordFile { get; init; }

    public string SystemType { get; init; } = "";

    /// <summary>TLS from the first octet, the carrier's certificate checked.</summary>
    public bool Tls { get; init; }

    /// <summary>The name the certificate must have; null is <see cref="Host"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>A PEM file with the carrier's certificate, or that of who signed it, when the system does not know it. Read at each connect.</summary>
    public string? TlsTrustedCertificate { get; init; }

    public ChannelMode Mode { get; init; }

    /// <summary>1 to 64.</summary>
    public int Binds { get; init; } = 1;

    /// <summary>Parts in flight a bind, 1 to 10,000. The channel's width is at most Binds x Window.</summary>
    public int Window { get; init; } = 50;

    /// <summary>Parts a second over all binds, 0.001 to 10,000,000; null is unlimited.</summary>
    public double? Rate { get; init; }

    /// <summary>The span over which the carrier counts. Default 100 ms, 1 ms to 1 h.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What the carrier takes for a part, in <see cref="ServerConfiguration.Currency"/>, 0 to 1000; null: not told.</summary>
    public decimal? Price { get; init; }

    /// <summary>Leading digits of the numbers it serves; empty is the default route.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>By sender, beside its own rate.</summary>
    public IReadOnlyList<SenderLimit> Limits { get; init; } = [];

    /// <summary>For parts in flight at a crash, cut bind or timeout.</summary>
    public WhenUnsure WhenUnsure { get; init; } = WhenUnsure.Resend;

    /// <summary>Sends nothing until resumed; what comes for it waits.</summary>
    public bool Paused { get; init; }

    /// <summary>Where incoming texts are posted; null keeps them for <c>/v1/inbound</c> only.</summary>
    public string? InboundUrl { get; init; }

    /// <summary>Languages whose GSM 7-bit tables may be used where a text then takes fewer parts than UCS-2.</summary>
    public IReadOnlyList<NationalLanguage> NationalLanguages { get; init; } = [];

    /// <summary>How texts of several parts are handed over.</summary>
    public LongMessageForm LongMessages { get; init; }

    /// <summary>Parts of one message at most, 1 to 255.</summary>
    public int MaxParts { get; init; } = 10;

    /// <summary>Whether texts may go as Latin-1 (data_coding 3) where that is smaller.</summary>
    public bool Latin1 { get; init; }

    /// <summary>Silence after which the carrier is asked whether it is there. 1 s to 1 h.</summary>
    public TimeSpan EnquireLink { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer may take. 1 s to 10 min.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Parts in hand at once over all binds.</summary>
    public int Width => Kind == ChannelKind.Smpp ? Binds * Window : 10_000;

    /// <summary>The password from where it is kept.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string ReadPassword() => PasswordFile is null ? Password ?? "" : File.ReadLines(PasswordFile).FirstOrDefault()?.TrimEnd('\r') ?? "";

    /// <summary>Without the password, which must reach no log.</summary>
    public override string ToString() => Kind == ChannelKind.Smpp ? $"{Name} (smpp {SystemId}@{Host}:{Port})" : $"{Name} (discard)";
}
