namespace Strowger.Features.Messaging.Inbound;

/// <summary>Bounds on what comes in and is posted on.</summary>
public static class InboundLimits
{
    /// <summary>How long the parts of a text wait for each other: phones send them within seconds, carriers retry for minutes.</summary>
    public static readonly TimeSpan JoinTime = TimeSpan.FromMinutes(10);

    /// <summary>Parts waiting for others at a time; the oldest text is given up first and its parts stand alone.</summary>
    public const int MaxOpenParts = 20_000;

    /// <summary>Characters of all parts waiting: 32 MiB of memory.</summary>
    public const int MaxOpenChars = 16 * 1024 * 1024;

    /// <summary>Characters of a text kept in one event; a longer one (message_payload) is kept in parts. At worst each is 6 octets of JSON.</summary>
    public const int MaxEventChars = 5_000;

    /// <summary>Hexadecimal digits of data kept in one event.</summary>
    public const int MaxEventDigits = 30_000;

    /// <summary>How far back posts are made up for when their cursor is lost: as long as the keys are kept that tell what was queued.</summary>
    public static readonly TimeSpan PostLife = TimeSpan.FromHours(24);
}
