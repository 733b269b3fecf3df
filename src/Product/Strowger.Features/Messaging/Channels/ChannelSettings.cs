using Strowger.Engine;
using Strowger.Features.Messaging.Limits;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Channels;

/// <summary>How an SMPP channel binds.</summary>
public enum SmppMode
{
    /// <summary>Each bind sends and receives.</summary>
    Transceiver,

    /// <summary>Sends only: no receipts, no incoming texts.</summary>
    Transmitter,

    /// <summary>For carriers of before SMPP 3.4: binds that send and as many that receive.</summary>
    Pair,
}

/// <summary>One outgoing thing, as configured or changed live.</summary>
public sealed record ChannelSettings
{
    public required string Name { get; init; }

    /// <summary><c>smpp</c> or <c>discard</c>.</summary>
    public required string Kind { get; init; }

    public string Host { get; init; } = string.Empty;

    public int Port { get; init; } = 2775;

    public string SystemId { get; init; } = string.Empty;

    public string Password { get; init; } = string.Empty;

    public string? PasswordFile { get; init; }

    public string SystemType { get; init; } = string.Empty;

    /// <summary>TLS 1.2 or 1.3 from the first octet.</summary>
    public bool Tls { get; init; }

    /// <summary>The name the carrier's certificate must have; null = the host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>PEM file of the carrier's certificate or of who signed it; null = whom the system trusts.</summary>
    public string? TlsTrustedCertificate { get; init; }

    public SmppMode Mode { get; init; }

    /// <summary>Connections that send, 1 to 64.</summary>
    public int Binds { get; init; } = 1;

    /// <summary>Parts in flight a bind, 1 to 10,000.</summary>
    public int Window { get; init; } = 50;

    /// <summary>Parts a second over all binds; null = unlimited.</summary>
    public double? Rate { get; init; }

    /// <summary>What a part costs, in the operator's currency; null: not told.</summary>
    public decimal? Price { get; init; }

    /// <summary>The carrier's bucket.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Number prefixes it serves; empty = the default route.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>By sender, beside its own rate; at most 1000.</summary>
    public IReadOnlyList<SenderLimit> Limits { get; init; } = [];

    public WhenUnsure WhenUnsure { get; init; } = WhenUnsure.Resend;

    /// <summary>Sends nothing until resumed; what comes for it waits.</summary>
    public bool Paused { get; init; }

    /// <summary>Where incoming texts are posted.</summary>
    public string? InboundUrl { get; init; }

    /// <summary>Whether Latin-1 may be chosen.</summary>
    public bool Latin1 { get; init; }

    /// <summary>Languages whose GSM 7-bit tables may be used where a text then takes fewer parts than UCS-2.</summary>
    public IReadOnlyList<NationalLanguage> NationalLanguages { get; init; } = [];

    /// <summary>How texts of several parts are handed over.</summary>
    public LongMessages LongMessages { get; init; }

    /// <summary>1 to 255.</summary>
    public int MaxParts { get; init; } = 10;

    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan EnquireLinkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the channel may do at once, from its settings.</summary>
    public int Width => Kind == "smpp" ? Binds * Window : 10_000;
}
