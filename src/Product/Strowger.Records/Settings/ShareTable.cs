using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>What a link shows, and who made it.</summary>
/// <param name="Subject">Such as a message's id.</param>
public sealed record ShareRecord(string Subject, string Who, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>Links that show one thing, read only, to whoever has them; by the SHA-256 of their random token.</summary>
public sealed class ShareTable
{
    private readonly SettingsStore _store;

    internal ShareTable(SettingsStore store) => _store = store;

    public void Add(ReadOnlySpan<byte> hash, string subject, string who, DateTimeOffset expiresAt)
    {
        var key = hash.ToArray();
        _store.Write(db =>
        {
            db.Execute("DELETE FROM shares WHERE expires_ms <= $now", ("$now", _store.NowMs));
            db.Execute(
                "DELETE FROM shares WHERE hash IN (SELECT hash FROM shares ORDER BY created_ms DESC LIMIT -1 OFFSET $kept)", ("$kept", RecordsLimits.MaxShares - 1));
            db.Execute(
                "INSERT INTO shares(hash, subject, who, created_ms, expires_ms) VALUES ($hash, $subject, $who, $now, $expires)",
                ("$hash", key), ("$subject", subject), ("$who", who), ("$now", _store.NowMs), ("$expires", expiresAt.ToUnixTimeMilliseconds()));
            AuditTable.Write(db, _store.NowMs, new AuditChange(who, "message.share", subject, null, null));
            return true;
        });
    }

    /// <summary>Those that are not over, the newest first, by the hash's hex.</summary>
    public IReadOnlyList<(string Id, ShareRecord Share)> List(int limit = RecordsLimits.DefaultPage) => _store.Read(db => db.Query(
        row => (Convert.ToHexStringLower(row.GetFieldValue<byte[]>(4)), new ShareRecord(row.GetString(0), row.GetString(1), row.Time(2), row.Time(3))),
        "SELECT subject, who, created_ms, expires_ms, hash FROM shares WHERE expires_ms > $now ORDER BY created_ms DESC LIMIT $limit", ("$now", _store.NowMs), ("$limit", limit)));

    /// <returns>False when there is none.</returns>
    public bool Remove(ReadOnlySpan<byte> hash, string who)
    {
        var key = hash.ToArray();
        return _store.Write(db =>
        {
            var subject = db.First(row => row.GetString(0), "SELECT subject FROM shares WHERE hash = $hash", ("$hash", key));
            if (subject is not null)
            {
                db.Execute("DELETE FROM shares WHERE hash = $hash", ("$hash", key));
                AuditTable.Write(db, _store.NowMs, new AuditChange(who, "message.unshare", subject, null, null));
            }

            return subject is not null;
        });
    }

    /// <returns>Null when unknown or its time is over.</returns>
    public ShareRecord? Find(ReadOnlySpan<byte> hash)
    {
        var key = hash.ToArray();
        return _store.Read(db => db.First(
            row => new ShareRecord(row.GetString(0), row.GetString(1), row.Time(2), row.Time(3)),
            "SELECT subject, who, created_ms, expires_ms FROM shares WHERE hash = $hash AND expires_ms > $now", ("$hash", key), ("$now", _store.NowMs)));
    }
}
