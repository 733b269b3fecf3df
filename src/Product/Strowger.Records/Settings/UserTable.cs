using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>Somebody who may sign in to the console.</summary>
/// <param name="Name">Unique, lower case, at most 64 characters.</param>
/// <param name="Password">As hashed; null: cannot sign in by password.</param>
/// <param name="Totp">Shared secret of RFC 6238; empty: no code is asked for.</param>
/// <param name="TotpStep">The last time step whose code was used.</param>
/// <param name="IsOff">May not sign in; open sessions count no more.</param>
public sealed record UserRecord(
    string Name, string Role, string? Password, ReadOnlyMemory<byte> Totp, long TotpStep, bool IsOff, DateTimeOffset CreatedAt, DateTimeOffset? LastLoginAt);

/// <summary>Users of the console. Whatever is changed of one ends what must not go on: see <see cref="LoginTable"/>.</summary>
public sealed class UserTable
{
    private const string Columns = "name, role, password, totp, totp_step, is_off, created_ms, last_login_ms";

    private readonly SettingsStore _store;

    internal UserTable(SettingsStore store) => _store = store;

    public IReadOnlyList<UserRecord> List() => _store.Read(db => db.Query(Read, $"SELECT {Columns} FROM users ORDER BY name"));

    public UserRecord? Find(string name) => _store.Read(db => ByName(db, name));

    /// <returns>False when the name is taken or there are <see cref="RecordsLimits.MaxUsers"/>.</returns>
    public bool Add(string name, string role, string? password, string who)
    {
        SettingName.Check(name);
        return _store.Write(db =>
        {
            if (db.Scalar("SELECT count(*) FROM users") >= RecordsLimits.MaxUsers || ByName(db, name) is not null)
            {
                return false;
            }

            db.Execute(
                "INSERT INTO users(name, role, password, created_ms) VALUES ($name, $role, $password, $now)",
                ("$name", name), ("$role", role), ("$password", password), ("$now", _store.NowMs));
            Audit(db, who, "user.create", name, null, role);
            return true;
        });
    }

    /// <returns>False when there is none of that name.</returns>
    public bool SetRole(string name, string role, string who) => Change(name, who, "user.role", u => (u.Role, role), "role = $value", role);

    /// <summary>Lets a user in or keeps them out.</summary>
    public bool SetOff(string name, bool isOff, string who) =>
        Change(name, who, isOff ? "user.off" : "user.on", u => (u.IsOff ? "off" : "on", isOff ? "off" : "on"), "is_off = $value", isOff ? 1 : 0);

    /// <summary>A new password ends all the user's sessions.</summary>
    public bool SetPassword(string name, string? password, string who) => _store.Write(db =>
    {
        if (ByName(db, name) is null)
        {
            return false;
        }

        db.Execute("UPDATE users SET password = $value WHERE name = $name", ("$name", name), ("$value", password));
        db.Execute("DELETE FROM sessions WHERE role IS NULL AND who = $name", ("$name", name));
        Audit(db, who, "user.password", name, null, null);
        return true;
    });

    /// <param name="secret">Null: no code is asked for any more.</param>
    public bool SetTotp(string name, byte[]? secret, string who) => _store.Write(db =>
    {
        if (ByName(db, name) is not { } user)
        {
            return false;
        }

        db.Execute("UPDATE users SET totp = $value, totp_step = 0 WHERE name = $name", ("$name", name), ("$value", secret));
        Audit(db, who, "user.codes", name, user.Totp.IsEmpty ? "off" : "on", secret is null ? "off" : "on");
        return true;
    });

    /// <summary>Notes a sign-in; a code's step counts once.</summary>
    /// <returns>False when this step, or a later one, was used before.</returns>
    public bool SignedIn(string name, long? totpStep) => _store.Write(db => db.Execute(
        "UPDATE users SET last_login_ms = $now, totp_step = max(totp_step, $step) WHERE name = $name AND ($step = 0 OR totp_step < $step)",
        ("$name", name), ("$now", _store.NowMs), ("$step", totpStep ?? 0)) > 0);

    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name, string who) => _store.Write(db =>
    {
        if (ByName(db, name) is not { } user)
        {
            return false;
        }

        db.Execute("DELETE FROM users WHERE name = $name", ("$name", name));
        db.Execute("DELETE FROM sessions WHERE role IS NULL AND who = $name", ("$name", name));
        Audit(db, who, "user.remove", name, user.Role, null);
        return true;
    });

    private bool Change(string name, string who, string action, Func<UserRecord, (string Before, string After)> words, string set, object value) => _store.Write(db =>
    {
        if (ByName(db, name) is not { } user)
        {
            return false;
        }

        var (before, after) = words(user);
        if (before != after)
        {
            db.Execute($"UPDATE users SET {set} WHERE name = $name", ("$name", name), ("$value", value));
            Audit(db, who, action, name, before, after);
        }

        return true;
    });

    private void Audit(SqliteConnection db, string who, string action, string name, string? before, string? after) =>
        AuditTable.Write(db, _store.NowMs, new AuditChange(who, action, name, before, after));

    private static UserRecord? ByName(SqliteConnection db, string name) =>
        db.First(Read, $"SELECT {Columns} FROM users WHERE name = $name", ("$name", name));

    private static UserRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.OptionalText(2),
        row.IsDBNull(3) ? default : row.GetFieldValue<byte[]>(3),
        row.GetInt64(4),
        row.GetInt64(5) != 0,
        row.Time(6),
        row.OptionalTime(7));
}
