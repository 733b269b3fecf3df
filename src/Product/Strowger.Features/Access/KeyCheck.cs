namespace Strowger.Features.Access;

/// <summary>What became of a presented secret.</summary>
public enum KeyOutcome
{
    Accepted,

    /// <summary>No such key: 401.</summary>
    Unknown,

    /// <summary>Its time is over: 401.</summary>
    Expired,

    /// <summary>Too many wrong secrets from this address: 429.</summary>
    TooManyFailures,

    /// <summary>More requests than the key's rate: 429.</summary>
    OverRate,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Key">Set when accepted or over its rate.</param>
/// <param name="RetryAfter">For the two outcomes that are 429.</param>
public readonly record struct KeyCheck(KeyOutcome Outcome, ApiKey? Key, TimeSpan RetryAfter);
