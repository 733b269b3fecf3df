using System.Net;
using System.Text;
using Strowger.Features.Messaging;

namespace Strowger.Server.Configuration;

/// <summary>What programs made for Kannel find here.</summary>
public sealed record KannelConfiguration
{
    /// <summary>Who may use <c>/cgi-bin/sendsms</c>; nobody: it is not there.</summary>
    public IReadOnlyList<KannelUser> Users { get; init; } = [];
}

/// <summary>One user of sendsms.</summary>
public sealed record KannelUser
{
    private const string AccountPrefix = "kannel:";

    /// <summary>1 to 64 characters.</summary>
    public required string Username { get; init; }

    /// <summary>Null when <see cref="PasswordFile"/> says it.</summary>
    public string? Password { get; init; }

    /// <summary>Its first line is the password, read at the start.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The sender when none is given.</summary>
    public string? DefaultSender { get; init; }

    /// <summary>The sender whatever is given.</summary>
    public string? ForcedSender { get; init; }

    /// <summary>The channel when no smsc is given.</summary>
    public string? DefaultChannel { get; init; }

    /// <summary>The channel whatever is given.</summary>
    public string? ForcedChannel { get; init; }

    /// <summary>Addresses it may come from; empty: any.</summary>
    public IReadOnlyList<IPNetwork> Allow { get; init; } = [];

    /// <summary>What its texts say of who handed them in: its name behind <c>kannel:</c>, where that fits.</summary>
    public string Account =>
        AccountPrefix.Length + Encoding.UTF8.GetByteCount(Username) <= MessageLimits.MaxAccount ? AccountPrefix + Username : "kannel";

    /// <summary>The password from where it is kept.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string ReadPassword() => PasswordFile is null ? Password ?? "" : File.ReadLines(PasswordFile).FirstOrDefault()?.TrimEnd('\r') ?? "";

    /// <summary>Without the password, which must reach no log.</summary>
    public override string ToString() => Username;
}
