namespace Strowger.Features.Messaging.Inbound;

/// <summary>How texts received are posted.</summary>
public sealed record InboundOptions
{
    /// <summary>Whether loopback and private addresses may be posted to. Default no.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Wait after the first failed post; doubles with each, with jitter, up to <see cref="LastRetry"/>. Default 5 s.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 30 minutes: some fifty posts in a day.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(30);
}
