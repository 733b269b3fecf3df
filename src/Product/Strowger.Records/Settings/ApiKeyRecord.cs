namespace Strowger.Records.Settings;

/// <summary>An API key as kept: never the secret, only its hash.</summary>
/// <param name="Id">Given by the store; 0 before.</param>
/// <param name="Name">Unique, at most 64 characters.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Prefix">First characters of the secret, shown in lists.</param>
/// <param name="Rights">Words without blanks, such as <c>messages:write</c>; <c>*</c> is all.</param>
/// <param name="RatePerSecond">Requests a second; null is unlimited.</param>
/// <param name="ExpiresAt">From then on refused; null is never.</param>
public sealed record ApiKeyRecord(
    long Id,
    string Name,
    ReadOnlyMemory<byte> Hash,
    string Prefix,
    IReadOnlyList<string> Rights,
    double? RatePerSecond,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt)
{
    /// <summary>Null of a key from before keys had one, until one is asked for.</summary>
    public KeySigning? Signing { get; init; }

    /// <summary>Without the hash and the secrets, which must reach no log.</summary>
    public override string ToString() => $"{Id} {Name}";
}
