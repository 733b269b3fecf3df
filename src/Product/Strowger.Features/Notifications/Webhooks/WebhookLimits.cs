namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Bounds of what is posted, each with the reason for its number.</summary>
public static class WebhookLimits
{
    /// <summary>Octets of an address, as of a message's callback.</summary>
    public const int MaxUrl = 2048;

    /// <summary>Characters of a description.</summary>
    public const int MaxDescription = 200;

    /// <summary>Types one address may name.</summary>
    public const int MaxTypes = 20;

    /// <summary>Octets of an answer's headers in kilobytes.</summary>
    public const int MaxAnswerHeaderKilobytes = 16;

    /// <summary>Octets of an answer's body read and thrown away so that the connection can be used again; a longer one costs the connection.</summary>
    public const int MaxAnswerDrain = 64 * 1024;

    /// <summary>The longest wait that a receiver may ask for by Retry-After.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Failures in a row after which a host is only tried now and then.</summary>
    public const int HostFailures = 5;

    /// <summary>So often then.</summary>
    public static readonly TimeSpan HostProbe = TimeSpan.FromSeconds(10);

    /// <summary>Hosts whose health is known at a time; some 200 octets each.</summary>
    public const int MaxHosts = 100_000;

    /// <summary>Messages of several parts of which it is known what was told, so that it is told once.</summary>
    public const int MaxTold = 100_000;

    /// <summary>Deliveries put in again by one call.</summary>
    public const int MaxReplay = 10_000;
}
