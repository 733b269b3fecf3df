using System.Net;
using System.Security.Cryptography;
using System.Text;
using Strowger.Features.Access;
using Strowger.Server.Configuration;

namespace Strowger.Server.Http.Kannel;

/// <summary>What became of a name and a password.</summary>
internal enum SendSmsEntry
{
    Accepted,
    Refused,

    /// <summary>Too many wrong ones came from the address.</summary>
    HeldBack,
}

/// <summary>Who may use sendsms. Passwords are kept as hashes under a key of this process and compared in constant time.</summary>
public sealed class SendSmsUsers
{
    private readonly FailedAttempts _failures;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, (KannelUser User, byte[] Hash)> _users;
    private readonly byte[] _nobody;

    /// <param name="users">Checked.</param>
    /// <param name="failures">Shared with the other doors.</param>
    /// <exception cref="IOException">A password file cannot be read.</exception>
    public SendSmsUsers(IEnumerable<KannelUser> users, FailedAttempts failures)
    {
        _failures = failures;
        _users = users.ToDictionary(user => user.Username, user => (user with { Password = null }, Hash(Encoding.UTF8.GetBytes(user.ReadPassword()))), StringComparer.Ordinal);
        _nobody = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    }

    internal SendSmsEntry Enter(string? name, byte[]? password, IPAddress? remote, out KannelUser user, out TimeSpan retryAfter)
    {
        user = null!;
        if (!_failures.MayTry(remote, out retryAfter))
        {
            return SendSmsEntry.HeldBack;
        }

        // An unknown name takes the same work as a wrong password.
        var isKnown = _users.TryGetValue(name ?? string.Empty, out var known);
        var given = password is { Length: <= AccessLimits.MaxSecretLength * 3 } ? Hash(password) : Hash([]);
        if (!CryptographicOperations.FixedTimeEquals(given, isKnown ? known.Hash : _nobody) || !MayCome(known.User, remote))
        {
            _failures.Failed(remote);
            return SendSmsEntry.Refused;
        }

        user = known.User;
        return SendSmsEntry.Accepted;
    }

    private static bool MayCome(KannelUser user, IPAddress? remote)
    {
        if (user.Allow.Count == 0 || remote is null)
        {
            return true;
        }

        var plain = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return user.Allow.Any(network => network.Contains(plain));
    }

    private byte[] Hash(ReadOnlySpan<byte> password) => HMACSHA256.HashData(_key, password);
}
