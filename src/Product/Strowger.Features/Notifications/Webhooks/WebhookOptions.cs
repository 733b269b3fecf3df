using System.Net;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>How events are posted.</summary>
public sealed record WebhookOptions
{
    /// <summary>Whether all loopback and private addresses may be posted to. Default no.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Networks that may be posted to though they are private.</summary>
    public IReadOnlyList<IPNetwork> Allow { get; init; } = [];

    /// <summary>Posts under way at once, 1 to 10,000. Default 256: a connection each.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Of them to one host, 1 to 1,000. Default 32: with 50 ms for an answer, 640 posts a second.</summary>
    public int PerHost { get; init; } = 32;

    /// <summary>How long a receiver may take to answer. Default 10 s, 1 s to 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an event is posted again and again. Default a day.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Wait after the first failed post; doubles with each, with jitter, up to <see cref="LastRetry"/>. Default 5 s.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 30 minutes: some fifty posts in a day.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(30);
}
