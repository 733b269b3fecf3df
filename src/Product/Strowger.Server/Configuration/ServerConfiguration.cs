using System.Net;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Mail;
using Strowger.Features.Notifications.Webhooks;

namespace Strowger.Server.Configuration;

/// <summary>Everything <c>serve</c> needs to know, checked.</summary>
public sealed record ServerConfiguration
{
    /// <summary>Full path. Default <c>./data</c>.</summary>
    public required string DataDirectory { get; init; }

    public HttpConfiguration Http { get; init; } = new();

    public RetentionConfiguration Retention { get; init; } = new();

    public ReceiptConfiguration Receipts { get; init; } = new();

    public QueueConfiguration Queues { get; init; } = new();

    /// <summary>How events, callbacks and texts received are posted.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>The mail server that takes what we send; null: nothing is mailed.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>Who is told of alarms.</summary>
    public AlarmOptions Alarms { get; init; } = new();

    /// <summary>What programs made for Kannel find here; nothing unless configured.</summary>
    public KannelConfiguration Kannel { get; init; } = new();

    /// <summary>Where programs and gateways bind; nowhere unless configured.</summary>
    public SmppConfiguration Smpp { get; init; } = new();

    public LogConfiguration Log { get; init; } = new();

    /// <summary>Where figures and spans are sent; null: nowhere.</summary>
    public OtlpConfiguration? Otlp { get; init; }

    /// <summary>Said beside prices, such as EUR; at most 8 characters. Empty: nothing.</summary>
    public string Currency { get; init; } = "";

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ChannelConfiguration> Channels { get; init; } = [];

    /// <summary>The checked value of <c>STROWGER_ADMIN_KEY</c>, or null.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Without the admin key, which must reach no log.</summary>
    public override string ToString() => $"{DataDirectory}, {Http.Listen}, {Channels.Count} channels";
}

public sealed record HttpConfiguration
{
    /// <summary>Default 127.0.0.1:8080. Port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>PEM or PKCS #12 file; null is plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of the certificate's key, when it is not in the same file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, beside those on this machine. At most 64.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];
}

/// <summary>How long what is over is kept.</summary>
public sealed record RetentionConfiguration
{
    /// <summary>Journal and timelines. Default 30 days, 1 hour to 10 years.</summary>
    public TimeSpan History { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Bytes of history at most; the older part goes first. Default 50 GiB.</summary>
    public long HistoryBytes { get; init; } = 50L << 30;

    /// <summary>What texts say is blanked after this. Null, the default, keeps it as long as the history; 1 hour to 10 years.</summary>
    public TimeSpan? Texts { get; init; }

    /// <summary>Days of message lists, today included. Default 90, 1 to 3650.</summary>
    public int ListDays { get; init; } = 90;

    /// <summary>Days in which a late receipt still finds its message. Default 7, 1 to 31.</summary>
    public int ReceiptDays { get; init; } = 7;
}

/// <summary>What is done about texts whose final receipt does not come.</summary>
public sealed record ReceiptConfiguration
{
    /// <summary>The carrier is asked about a text after this. Default 1 hour, 1 minute to 31 days.</summary>
    public TimeSpan QueryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>So long after hand-over and validity it becomes unknown. Default 72 hours, 1 hour to 31 days.</summary>
    public TimeSpan UnknownAfter { get; init; } = TimeSpan.FromHours(72);
}

public sealed record QueueConfiguration
{
    /// <summary>Parts a queue takes before it refuses with 429. Default 20 million.</summary>
    public long Bound { get; init; } = 20_000_000;
}

public sealed record LogConfiguration
{
    /// <summary>One JSON object a line, for programs that gather logs. Default text, for people.</summary>
    public bool IsJson { get; init; }

    /// <summary>What is less important is left out. Default information.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;
}
