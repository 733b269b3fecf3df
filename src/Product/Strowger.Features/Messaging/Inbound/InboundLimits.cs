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

    /// <summary>Posts under way at once.</summary>
    public const int PostWidth = 20;

    /// <summary>Of them to one host: four hosts that answer nothing leave no room, one does.</summary>
    public const int PostsPerHost = 5;

    /// <summary>How long a receiver may take to answer one post.</summary>
    public static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a text is posted again and again, and how far back posts are made up for when their cursor is lost.</summary>
    public static readonly TimeSpan PostLife = TimeSpan.FromHours(24);

    /// <summary>The longest wait that a receiver may ask for by Retry-After.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Octets of an answer's headers; its body is not read.</summary>
    public const int MaxAnswerHeaderKilobytes = 16;
}
