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
}
