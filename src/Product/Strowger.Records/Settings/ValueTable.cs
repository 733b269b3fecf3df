using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>Single settings changed live, such as a queue's width.</summary>
public sealed class ValueTable
{
    private readonly SettingsStore _store;

    internal ValueTable(SettingsStore store) => _store = store;

    /// <returns>Null when it was never set.</returns>
    public string? Get(string key) => _store.Read(db => Find(db, key));

    public IReadOnlyDictionary<string, string> All() => _store.Read(db =>
        db.Query(row => (Key: row.GetString(0), Value: row.GetString(1)), "SELECT key, value FROM settings")
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal));

    /// <param name="key">At most 64 characters.</param>
    /// <param name="value">At most 64 KiB; null removes it.</param>
    /// <param name="who">For the audit.</param>
    public void Set(string key, string? value, string who)
    {
        SettingName.Check(key);
        SettingName.CheckValue(value ?? "");
        _store.Write(db =>
        {
            var before = Find(db, key);
            if (before == value)
            {
                return false;
            }

            _ = value is null
                ? db.Execute("DELETE FROM settings WHERE key = $key", ("$key", key))
                : db.Execute("INSERT OR REPLACE INTO settings(key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));
            AuditTable.Write(db, _store.NowMs, new AuditChange(who, "setting.change", key, before, value));
            return true;
        });
    }

    private static string? Find(SqliteConnection db, string key) =>
        db.First(row => row.GetString(0), "SELECT value FROM settings WHERE key = $key", ("$key", key));
}
