using System.Net;
using System.Security.Cryptography;
using System.Text;
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

        return Begin(who, Role.Admin);
    }

    /// <summary>Begins a session.</summary>
    /// <param name="who">A user's name, or whoever made the link.</param>
    /// <param name="role">What a link gives; null: the user's own, as it is at each request.</param>
    public ConsoleSession Begin(string who, Role? role)
    {
        var session = new ConsoleSession(Secrets.New(), who, time.GetUtcNow() + AccessLimits.SessionLifetime);
        settings.Logins.AddSession(Secrets.Hash(session.Secret), who, session.ExpiresAt, role?.ToText());
        settings.Audit.Add(who, "login", who);
        return session;
    }

    /// <summary>Finds a session and notes that it is in use.</summary>
    /// <returns>Null when there is no such session or it is over: 12 h after its begin, 2 h after its last use.</returns>
    public SessionRecord? Find(string? cookie)
    {
        if (!IsPlausible(cookie))
        {
            return null;
        }

        var hash = Secrets.Hash(cookie!);
        var session = settings.Logins.FindSession(hash, AccessLimits.SessionIdle);
        if (session is not null && time.GetUtcNow() - session.SeenAt >= AccessLimits.SessionTouch)
        {
            settings.Logins.TouchSession(hash);
        }

        return session;
    }

    /// <summary>Proves that a form came from a page of this session: another site cannot read it, and without the cookie it cannot be made.</summary>
    public static string FormToken(string cookie)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        return Convert.ToHexStringLower(Secrets.Hash("form:" + cookie[..Math.Min(cookie.Length, AccessLimits.MaxSecretLength - 5)]));
    }

    public static bool IsFormToken(string cookie, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(FormToken(cookie)), Encoding.UTF8.GetBytes(given));

    /// <summary>A random value for the form before there is a session.</summary>
    public static string NewFormCookie() => Secrets.New();

    public void End(string? cookie)
    {
        if (IsPlausible(cookie))
        {
            settings.Logins.RemoveSession(Secrets.Hash(cookie!));
        }
    }

    /// <summary>
    /// No script reads it; no other site's form, image or link sends it (SameSite=Strict, RFC 6265bis 5.6.7).
    /// </summary>
    public static CookieOptions CookieOptions(ConsoleSession session, bool overHttps) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = overHttps,
        Path = "/",
        Expires = session.ExpiresAt,
        IsEssential = true,
    };

    private static bool IsPlausible(string? secret) => secret is { Length: > 0 and <= AccessLimits.MaxSecretLength };
}
