using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>Whose session it is, what they may, and until when.</summary>
/// <param name="Role">The user's now, or what the link gave.</param>
/// <param name="IsUser">True: of <see cref="UserTable"/>; false: it began with a link.</param>
public sealed record SessionRecord(string Who, string Role, bool IsUser, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt);

/// <summary>One-time login links and console sessions, by the SHA-256 of their random token.</summary>
public sealed class LoginTable
{
    private const string AdminRole = "admin";

    private readonly SettingsStore _store;

    internal LoginTable(SettingsStore store) => _store = store;

    public void AddToken(ReadOnlySpan<byte> hash, string who, DateTimeOffset expiresAt)
    {
        var key = hash.ToArray();
        _store.Write(db =>
        {
            MakeRoom(db, "login_tokens", RecordsLimits.MaxLoginTokens);
            return db.Execute(
                "INSERT INTO login_tokens(hash, who, created_ms, expires_ms) VALUES ($hash, $who, $now, $expires)",
                ("$hash", key), ("$who", who), ("$now", _store.NowMs), ("$expires", expiresAt.ToUnixTimeMilliseconds()));
        });
    }

    /// <summary>Takes a login token out: a second use finds nothing.</summary>
    /// <returns>Who it was made for, or null when unknown, used or expired.</returns>
    public string? TakeToken(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        return _store.Write(db =>
        {
            var who = db.First(
                row => row.GetString(0),
                "SELECT who FROM login_tokens WHERE hash = $hash AND expires_ms > $now", ("$hash", key), ("$now", _store.NowMs));
            db.Execute("DELETE FROM login_tokens WHERE hash = $hash", ("$hash", key));
            return who;
        });
    }

    /// <param name="hash">Of the cookie's value.</param>
    /// <param name="who">A user's name, or whoever made the link.</param>
    /// <param name="expiresAt">Whatever is done meanwhile.</param>
    /// <param name="role">What a link gives; null: the user's own, as it is at each look.</param>
    public void AddSession(ReadOnlySpan<byte> hash, string who, DateTimeOffset expiresAt, string? role = AdminRole)
    {
        var key = hash.ToArray();
        _store.Write(db =>
        {
            MakeRoom(db, "sessions", RecordsLimits.MaxSessions);
            return db.Execute(
                "INSERT INTO sessions(hash, who, created_ms, expires_ms, role, seen_ms) VALUES ($hash, $who, $now, $expires, $role, $now)",
                ("$hash", key), ("$who", who), ("$now", _store.NowMs), ("$expires", expiresAt.ToUnixTimeMilliseconds()), ("$role", role));
        });
    }

    /// <param name="hash">Of the cookie's value.</param>
    /// <param name="idle">Not seen for longer: over; null never.</param>
    /// <returns>Null when unknown, over, or its user is gone or kept out.</returns>
    public SessionRecord? FindSession(ReadOnlySpan<byte> hash, TimeSpan? idle = null)
    {
        var key = hash.ToArray();
        var seenAfter = idle is { } span ? _store.NowMs - (long)span.TotalMilliseconds : long.MinValue;
        return _store.Read(db => db.First(
            Read,
            $"{Select} {From} WHERE s.hash = $hash AND s.expires_ms > $now AND s.seen_ms > $seen AND coalesce(s.role, u.role) IS NOT NULL",
            ("$hash", key), ("$now", _store.NowMs), ("$seen", seenAfter)));
    }

    /// <summary>Those that are not over, the newest first, by the hash's hex.</summary>
    /// <inheritdoc cref="FindSession"/>
    public IReadOnlyList<(string Id, SessionRecord Session)> ListSessions(TimeSpan? idle = null)
    {
        var seenAfter = idle is { } span ? _store.NowMs - (long)span.TotalMilliseconds : long.MinValue;
        return _store.Read(db => db.Query(
            row => (Convert.ToHexStringLower(row.GetFieldValue<byte[]>(6)), Read(row)),
            $"{Select}, s.hash {From} WHERE s.expires_ms > $now AND s.seen_ms > $seen AND coalesce(s.role, u.role) IS NOT NULL ORDER BY s.created_ms DESC",
            ("$now", _store.NowMs), ("$seen", seenAfter)));
    }

    /// <summary>Notes that it is in use; at most once a minute, not on each request.</summary>
    public void TouchSession(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        _store.Write(db => db.Execute("UPDATE sessions SET seen_ms = $now WHERE hash = $hash", ("$hash", key), ("$now", _store.NowMs)));
    }

    public bool RemoveSession(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        return _store.Write(db => db.Execute("DELETE FROM sessions WHERE hash = $hash", ("$hash", key)) > 0);
    }

    /// <summary>Ends all sessions of a user, or of those who came by a link of that name.</summary>
    public int RemoveSessionsOf(string who, bool isUser) => _store.Write(db => db.Execute(
        "DELETE FROM sessions WHERE who = $who AND (role IS NULL) = $user", ("$who", who), ("$user", isUser ? 1 : 0)));

    private const string Select = "SELECT s.who, coalesce(s.role, u.role), s.role IS NULL, s.created_ms, s.seen_ms, s.expires_ms";
    private const string From = "FROM sessions s LEFT JOIN users u ON s.role IS NULL AND u.name = s.who AND u.is_off = 0";

    private static SessionRecord Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt64(2) != 0, row.Time(3), row.Time(4), row.Time(5));

    private void MakeRoom(SqliteConnection db, string table, int kept)
    {
        db.Execute($"DELETE FROM {table} WHERE expires_ms <= $now", ("$now", _store.NowMs));
        db.Execute(
            $"DELETE FROM {table} WHERE hash IN (SELECT hash FROM {table} ORDER BY created_ms DESC LIMIT -1 OFFSET $kept)", ("$kept", kept - 1));
    }
}
