using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>API keys.</summary>
public sealed class KeyTable
{
    private const string Columns = "id, name, hash, prefix, rights, rate, expires_ms, created_ms, last_used_ms, signing_secret, old_signing_secret, old_signing_until_ms";

    private readonly SettingsStore _store;

    internal KeyTable(SettingsStore store) => _store = store;

    /// <summary>Adds a key.</summary>
    /// <returns>The key with its id, or null when the name is taken or there are <see cref="RecordsLimits.MaxKeys"/>.</returns>
    public ApiKeyRecord? Add(ApiKeyRecord key, string who)
    {
        SettingName.Check(key.Name);
        return _store.Write(db =>
        {
            if (db.Scalar("SELECT count(*) FROM keys") >= RecordsLimits.MaxKeys || ByName(db, key.Name) is not null)
            {
                return null;
            }

            db.Execute(
                "INSERT INTO keys(name, hash, prefix, rights, rate, expires_ms, created_ms, signing_secret) VALUES ($name, $hash, $prefix, $rights, $rate, $expires, $created, $signing)",
                ("$name", key.Name), ("$hash", key.Hash.ToArray()), ("$prefix", key.Prefix), ("$rights", string.Join(' ', key.Rights)),
                ("$rate", key.RatePerSecond), ("$expires", key.ExpiresAt?.ToUnixTimeMilliseconds()), ("$created", key.CreatedAt.ToUnixTimeMilliseconds()),
                ("$signing", key.Signing?.Secret));
            AuditTable.Write(db, _store.NowMs, new AuditChange(who, "key.create", key.Name, null, string.Join(' ', key.Rights)));
            return ByName(db, key.Name);
        });
    }

    /// <summary>Removes a key by name.</summary>
    /// <returns>The removed key, or null when there is none of that name.</returns>
    public ApiKeyRecord? Remove(string name, string who) => _store.Write(db =>
    {
        var key = ByName(db, name);
        if (key is not null)
        {
            db.Execute("DELETE FROM keys WHERE id = $id", ("$id", key.Id));
            AuditTable.Write(db, _store.NowMs, new AuditChange(who, "key.remove", name, string.Join(' ', key.Rights), null));
        }

        return key;
    });

    /// <summary>Gives a key, by name, another secret for the posts to its texts' callbacks.</summary>
    /// <returns>The key as it is now, or null when there is none of that name.</returns>
    public ApiKeyRecord? SetSigning(string name, Func<ApiKeyRecord, KeySigning> signing, string who)
    {
        ArgumentNullException.ThrowIfNull(signing);
        return _store.Write(db =>
        {
            if (ByName(db, name) is not { } key)
            {
                return null;
            }

            var now = signing(key);
            db.Execute(
                "UPDATE keys SET signing_secret = $secret, old_signing_secret = $old, old_signing_until_ms = $until WHERE id = $id",
                ("$secret", now.Secret), ("$old", now.OldSecret), ("$until", now.OldUntil?.ToUnixTimeMilliseconds()), ("$id", key.Id));
            AuditTable.Write(db, _store.NowMs, new AuditChange(who, "key.rotate-secret", name, null, null));
            return key with { Signing = now };
        });
    }

    public IReadOnlyList<ApiKeyRecord> List() => _store.Read(db => db.Query(Read, $"SELECT {Columns} FROM keys ORDER BY name"));

    /// <summary>Notes the last use of keys; called at most once a minute, not on each request.</summary>
    public void Touch(IReadOnlyCollection<KeyValuePair<long, DateTimeOffset>> uses) => _store.Write(db =>
    {
        foreach (var (id, at) in uses)
        {
            db.Execute("UPDATE keys SET last_used_ms = $at WHERE id = $id", ("$at", at.ToUnixTimeMilliseconds()), ("$id", id));
        }

        return uses.Count;
    });

    private static ApiKeyRecord? ByName(SqliteConnection db, string name) =>
        db.First(Read, $"SELECT {Columns} FROM keys WHERE name = $name", ("$name", name));

    private static ApiKeyRecord Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetFieldValue<byte[]>(2),
        row.GetString(3),
        row.GetString(4).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.IsDBNull(5) ? null : row.GetDouble(5),
        row.OptionalTime(6),
        row.Time(7),
        row.OptionalTime(8))
    {
        Signing = row.OptionalText(9) is { } secret ? new KeySigning(secret, row.OptionalText(10), row.OptionalTime(11)) : null,
    };
}
