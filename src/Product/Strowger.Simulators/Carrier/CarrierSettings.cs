using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>How the id in a receipt differs from the id in the answer to the submit.</summary>
public enum ReceiptIdQuirk
{
    AsIs,

    /// <summary>Answer in decimal, receipt in hex.</summary>
    Hex,

    /// <summary>Answer in hex, receipt in decimal: the classic mix of 3.3 and 3.4.</summary>
    Decimal,

    /// <summary>Answer in lower-case hex, receipt in upper case.</summary>
    Upper,

    /// <summary>Answer in upper-case hex, receipt in lower case.</summary>
    Lower,

    /// <summary>The receipt has leading zeros that the answer had not.</summary>
    LeadingZeros,

    /// <summary>The answer had leading zeros that the receipt has not.</summary>
    NoZeros,
}

/// <summary>How a receipt is written.</summary>
public enum ReceiptFormat
{
    /// <summary>The text of SMPP 3.4 appendix B and the TLVs receipted_message_id and message_state.</summary>
    Full,

    /// <summary>The text without the TLVs.</summary>
    TextOnly,

    /// <summary>The TLVs and an empty text.</summary>
    TlvOnly,

    /// <summary>submitdate and donedate without the blank, no TLVs.</summary>
    NoBlank,

    /// <summary>Dates with seconds (12 digits), no TLVs.</summary>
    LongDates,

    /// <summary>Only id, stat and err, no TLVs.</summary>
    Short,

    /// <summary>stat in lower case, Text with a capital, no TLVs.</summary>
    OddCase,

    /// <summary>Source and destination not exchanged.</summary>
    NotSwapped,

    /// <summary>An ENROUTE receipt before the final one.</summary>
    Doubled,
}

/// <summary>What the simulated carrier does; replaced as a whole when something is changed while it runs.</summary>
public sealed record CarrierSettings
{
    /// <summary>Parts a second over all binds of one system id; 0 = unlimited.</summary>
    public double Rate { get; init; }

    /// <summary>Size of the strict token bucket: max(1, rate x this) parts, refilled continuously.</summary>
    public TimeSpan Bucket { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Parts a second of one source address; 0 = unlimited. Its bucket is as long as the other.</summary>
    public double SourceRate { get; init; }

    /// <summary>Parts a UTC day of one source address; 0 = unlimited.</summary>
    public long SourceDay { get; init; }

    /// <summary>Unanswered submits a bind may have; 0 = 10,000.</summary>
    public int Window { get; init; }

    /// <summary>Over the window: cut the bind instead of answering ESME_RTHROTTLED.</summary>
    public bool WindowCloses { get; init; }

    /// <summary>Before each answer; the jitter adds 0 to this much.</summary>
    public TimeSpan Delay { get; init; }
    public TimeSpan Jitter { get; init; }

    /// <summary>From the answer to the receipt; the jitter adds 0 to this much.</summary>
    public TimeSpan ReceiptDelay { get; init; } = TimeSpan.FromMilliseconds(500);
    public TimeSpan ReceiptJitter { get; init; }

    /// <summary>Share of the receipts asked for that are sent, 0 to 1.</summary>
    public double ReceiptShare { get; init; } = 1;

    /// <summary>Share of the receipts that say UNDELIV, 0 to 1.</summary>
    public double FailShare { get; init; }
    public ReceiptIdQuirk ReceiptIds { get; init; }

    /// <summary>The receipt leaves before the answer to the submit.</summary>
    public bool ReceiptFirst { get; init; }
    public ReceiptFormat ReceiptFormat { get; init; }

    /// <summary>Mean time between cuts of one bind at random; zero = none.</summary>
    public TimeSpan MeanDisconnect { get; init; }

    /// <summary>Takes submits and never answers them.</summary>
    public bool BlackHole { get; init; }

    /// <summary>command_status for every bind; 0 = accept.</summary>
    public uint RefuseBinds { get; init; }

    /// <summary>Waited before each read of a bind: a carrier that reads slowly.</summary>
    public TimeSpan ReadDelay { get; init; }

    /// <summary>Share of submits answered with each status, of those within the rate.</summary>
    public IReadOnlyList<(uint Status, double Share)> Errors { get; init; } = [];

    /// <summary>congestion_state with every accepted submit, 0 to 100; null sends none.</summary>
    public byte? Congestion { get; init; }

    /// <summary>Incoming texts a second; 0 = none.</summary>
    public double MoRate { get; init; }

    /// <summary>A text that ends in <c>#digits</c> is told apart by that token alone.</summary>
    public bool KeyByToken { get; init; }

    internal int EffectiveWindow => Window > 0 ? Window : SmppClientOptions.MaxWindow;
}
