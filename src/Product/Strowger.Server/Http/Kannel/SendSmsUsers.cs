using System.Net;
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

/// <summary>Who may use sendsms.</summary>
public sealed class SendSmsUsers
{
    private readonly FailedAttempts _failures;
    private readonly Dictionary<string, KannelUser> _users;
    private readonly NamedSecrets _passwords;

    /// <param name="users">Checked.</param>
    /// <param name="failures">Shared with the other doors.</param>
    /// <exception cref="IOException">A password file cannot be read.</exception>
    public SendSmsUsers(IEnumerable<KannelUser> users, FailedAttempts failures)
    {
        _failures = failures;
        var all = users.ToList();
        _users = all.ToDictionary(user => user.Username, user => user with { Password = null }, StringComparer.Ordinal);
        _passwords = new NamedSecrets(all.Select(user => (user.Username, user.ReadPassword())));
    }

    internal SendSmsEntry Enter(string? name, byte[]? password, IPAddress? remote, out KannelUser user, out TimeSpan retryAfter)
    {
        user = null!;
        if (!_failures.MayTry(remote, out retryAfter))
        {
            return SendSmsEntry.HeldBack;
        }

        if (!_passwords.IsRight(name ?? string.Empty, password) || !_users.TryGetValue(name ?? string.Empty, out var known) || !MayCome(known, remote))
        {
            _failures.Failed(remote);
            return SendSmsEntry.Refused;
        }

        user = known;
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
}
