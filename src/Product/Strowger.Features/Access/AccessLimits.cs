namespace Strowger.Features.Access;

/// <summary>The bounds of who may try what how often.</summary>
public static class AccessLimits
{
    /// <summary>Failed attempts a minute and remote address: a person's typing errors pass, guessing does not.</summary>
    public const int FailuresPerMinute = 10;

    /// <summary>Remote addresses remembered; beyond that, new ones share one bucket.</summary>
    public const int MaxAddresses = 65_536;

    /// <summary>Pairs of address and key that were right before and so are not held back by somebody else's failures.</summary>
    public const int MaxKnownGood = 65_536;

    /// <summary>Characters of a presented secret; longer ones are wrong without being hashed.</summary>
    public const int MaxSecretLength = 256;

    /// <summary>Characters of <c>STROWGER_ADMIN_KEY</c> at least.</summary>
    public const int MinAdminKeyLength = 16;

    /// <summary>A login link works once and this long.</summary>
    public static readonly TimeSpan LoginTokenLifetime = TimeSpan.FromMinutes(15);

    /// <summary>A console session: a working day.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);

    /// <summary>A session nobody used for so long is over: a lunch and a meeting.</summary>
    public static readonly TimeSpan SessionIdle = TimeSpan.FromHours(2);

    /// <summary>A session's use is written down this often.</summary>
    public static readonly TimeSpan SessionTouch = TimeSpan.FromMinutes(1);

    /// <summary>Wrong passwords or codes a minute and account, from wherever they come: 14,400 guesses a day at most.</summary>
    public const int FailuresPerAccountAndMinute = 10;

    /// <summary>Characters of a password: long enough that guessing at the rate above takes longer than anybody has.</summary>
    public const int MinPasswordLength = 12;

    /// <summary>Passwords being hashed at once: each takes a core for some 0.2 s, and the texts need one too.</summary>
    public const int MaxHashesAtOnce = 1;

    /// <summary>Sign-ins that may wait for their turn; more are told to come again.</summary>
    public const int MaxHashesWaiting = 20;

    /// <summary>A link that shows one message to somebody outside.</summary>
    public static readonly TimeSpan ShareLifetime = TimeSpan.FromDays(7);
}
