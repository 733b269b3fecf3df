using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>Whose session it is and until when.</summary>
public sealed record SessionRecord(string Who, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>One-time login links and console sessions, by the SHA-256 of their random token.</summary>
public sealed class LoginTable
{
    private readonly SettingsStore _store;

    internal LoginTable(SettingsStore store) => _store = store;

    public void AddToken(ReadOnlySpan<byte> hash, string who, DateTimeOffset expiresAt) =>
        Add("login_tokens", hash.ToArray(), who, expiresAt, RecordsLimits.MaxLoginTokens);

    /// <summary>Takes a login token out: a second use finds nothing.</summary>
    /// <returns>Who it was made for, or null when unknown, used or expired.</returns>
    public string? TakeToken(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        return _store.Write(db =>
        {
            var found = Find(db, "login_tokens", key, _store.NowMs);
            db.Execute("DELETE FROM login_tokens WHERE hash = $hash", ("$hash", key));
            return found?.Who;
        });
    }

    public void AddSession(ReadOnlySpan<byte> hash, string who, DateTimeOffset expiresAt) =>
        Add("sessions", hash.ToArray(), who, expiresAt, RecordsLimits.MaxSessions);

    /// <returns>Null when unknown or expired.</returns>
    public SessionRecord? FindSession(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        return _store.Read(db => Find(db, "sessions", key, _store.NowMs));
    }

    public bool RemoveSession(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        return _store.Write(db => db.Execute("DELETE FROM sessions WHERE hash = $hash", ("$hash", key)) > 0);
    }

    private void Add(string table, byte[] hash, string who, DateTimeOffset expiresAt, int kept) => _store.Write(db =>
    {
        db.Execute($"DELETE FROM {table} WHERE expires_ms <= $now", ("$now", _store.NowMs));
        db.Execute(
            $"DELETE FROM {table} WHERE hash IN (SELECT hash FROM {table} ORDER BY created_ms DESC LIMIT -1 OFFSET $kept)", ("$kept", kept - 1));
        return db.Execute(
            $"INSERT INTO {table}(hash, who, created_ms, expires_ms) VALUES ($hash, $who, $now, $expires)",
            ("$hash", hash), ("$who", who), ("$now", _store.NowMs), ("$expires", expiresAt.ToUnixTimeMilliseconds()));
    });

    private static SessionRecord? Find(SqliteConnection db, string table, byte[] hash, long nowMs) => db.First(
        row => new SessionRecord(row.GetString(0), row.Time(1), row.Time(2)),
        $"SELECT who, created_ms, expires_ms FROM {table} WHERE hash = $hash AND expires_ms > $now", ("$hash", hash), ("$now", nowMs));
}
