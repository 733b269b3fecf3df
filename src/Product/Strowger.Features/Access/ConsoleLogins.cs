using System.Net;
using Microsoft.AspNetCore.Http;
using Strowger.Records.Settings;

namespace Strowger.Features.Access;

/// <summary>A session just begun.</summary>
/// <param name="Secret">The cookie's value; kept only as a hash.</param>
public sealed record ConsoleSession(string Secret, string Who, DateTimeOffset ExpiresAt);

/// <summary>One-time links into the console and the sessions they begin.</summary>
public sealed class ConsoleLogins(SettingsStore settings, TimeProvider time, FailedAttempts failures)
{
    public const string CookieName = "strowger_session";

    /// <summary>A token for a link, good once and for 15 minutes.</summary>
    public string CreateToken(string who)
    {
        var token = Secrets.New();
        settings.Logins.AddToken(Secrets.Hash(token), who, time.GetUtcNow() + AccessLimits.LoginTokenLifetime);
        settings.Audit.Add(who, "login.link", who);
        return token;
    }

    /// <summary>Takes a link's token for a session.</summary>
    /// <param name="token">As in the link.</param>
    /// <param name="remote">The browser's address.</param>
    /// <param name="retryAfter">Over zero when the address failed too often: 429.</param>
    /// <returns>Null when the token is unknown, used or too old.</returns>
    public ConsoleSession? Redeem(string? token, IPAddress? remote, out TimeSpan retryAfter)
    {
        if (!failures.MayTry(remote, out retryAfter))
        {
            return null;
        }

        if (!IsPlausible(token) || settings.Logins.TakeToken(Secrets.Hash(token!)) is not { } who)
        {
            failures.Failed(remote);
            return null;
        }

        var session = new ConsoleSession(Secrets.New(), who, time.GetUtcNow() + AccessLimits.SessionLifetime);
        settings.Logins.AddSession(Secrets.Hash(session.Secret), who, session.ExpiresAt);
        settings.Audit.Add(who, "login", who);
        return session;
    }

    /// <returns>Null when there is no such session or it is over.</returns>
    public SessionRecord? Find(string? cookie) => IsPlausible(cookie) ? settings.Logins.FindSession(Secrets.Hash(cookie!)) : null;

    public void End(string? cookie)
    {
        if (IsPlausible(cookie))
        {
            settings.Logins.RemoveSession(Secrets.Hash(cookie!));
        }
    }

    /// <summary>
    /// No script reads it; another site's form or image does not send it (SameSite=Lax, RFC 6265bis 5.6.7), only a link followed does,
    /// which changes nothing.
    /// </summary>
    public static CookieOptions CookieOptions(ConsoleSession session, bool overHttps) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = overHttps,
        Path = "/",
        Expires = session.ExpiresAt,
        IsEssential = true,
    };

    private static bool IsPlausible(string? secret) => secret is { Length: > 0 and <= AccessLimits.MaxSecretLength };
}
