using System.Security.Cryptography;
using System.Text;

namespace Strowger.Features.Access;

/// <summary>Passwords of programs by name, kept as hashes under a key of this process and compared in constant time. An unknown name takes the same work as a wrong password.</summary>
public sealed class NamedSecrets
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly Dictionary<string, byte[]> _hashes = new(StringComparer.Ordinal);

    /// <param name="names">Names and passwords; each name once.</param>
    public NamedSecrets(IEnumerable<(string Name, string Secret)> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var (name, secret) in names)
        {
            _hashes.Add(name, HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(secret)));
        }
    }

    /// <summary>Whether somebody of this name has this password. What is longer than any password may be is wrong.</summary>
    public bool IsRight(string name, ReadOnlySpan<byte> secret)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, secret.Length <= AccessLimits.MaxSecretLength * 3 ? secret : default, given);
        var isKnown = _hashes.TryGetValue(name, out var known);
        return CryptographicOperations.FixedTimeEquals(given, isKnown ? known : _nobody);
    }
}
