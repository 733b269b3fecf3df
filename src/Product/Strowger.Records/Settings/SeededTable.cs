using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>
/// Rows seeded by the configuration file. A row changed or removed live is kept as it is whatever the file says; a row the
/// file seeded follows the file and goes when the file no longer names it.
/// </summary>
internal sealed class SeededTable(SettingsStore store, string table, string noun)
{
    private const string Columns = "name, kind, settings, source, position, removed";

    public IReadOnlyList<SeededRecord> List() =>
        store.Read(db => db.Query(Read, $"SELECT {Columns} FROM {table} WHERE removed = 0 ORDER BY position, name"));

    /// <returns>Names whose live state was kept although the file says otherwise.</returns>
    public IReadOnlyList<string> Seed(IReadOnlyList<SeededRecord> fromFile, string who)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromFile.Count, RecordsLimits.MaxSeeded, nameof(fromFile));
        return store.Write(db =>
        {
            var stored = db.Query(Read, $"SELECT {Columns} FROM {table}").ToDictionary(row => row.Name, StringComparer.Ordinal);
            var kept = new List<string>();
            foreach (var wanted in fromFile)
            {
                SeedOne(db, stored.GetValueOrDefault(wanted.Name), wanted, who, kept);
                stored.Remove(wanted.Name);
            }

            foreach (var gone in stored.Values.Where(row => row.Source == SettingSource.File || row.Removed))
            {
                Delete(db, gone, who);
            }

            return kept;
        });
    }

    /// <returns>False when the name is taken or the table is full.</returns>
    public bool Add(string name, string kind, string settings, string who)
    {
        Check(name, settings);
        return store.Write(db =>
        {
            var old = ByName(db, name);
            if (old is { Removed: false } || db.Scalar($"SELECT count(*) FROM {table}") >= RecordsLimits.MaxSeeded)
            {
                return false;
            }

            var position = (int)db.Scalar($"SELECT coalesce(max(position), -1) + 1 FROM {table}");
            Put(db, old, new SeededRecord(name, kind, settings, SettingSource.Live, position, false), who);
            return true;
        });
    }

    /// <returns>False when there is none of that name.</returns>
    public bool Change(string name, string kind, string settings, string who)
    {
        Check(name, settings);
        return store.Write(db =>
        {
            if (ByName(db, name) is not { Removed: false } old)
            {
                return false;
            }

            Put(db, old, old with { Kind = kind, SettingsJson = settings, Source = SettingSource.Live }, who);
            return true;
        });
    }

    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name, string who) => store.Write(db =>
    {
        if (ByName(db, name) is not { Removed: false } old)
        {
            return false;
        }

        // A mark stays behind: the file may still name it at the next start. Seeding clears the mark when it does not.
        Store(db, old with { Source = SettingSource.Live, Removed = true });
        AuditTable.Write(db, store.NowMs, new AuditChange(who, $"{noun}.remove", name, old.SettingsJson, null));
        return true;
    });

    private static void Check(string name, string settings)
    {
        SettingName.Check(name);
        SettingName.CheckValue(settings);
    }

    private void SeedOne(SqliteConnection db, SeededRecord? old, SeededRecord wanted, string who, List<string> kept)
    {
        Check(wanted.Name, wanted.SettingsJson);
        if (old is { Source: SettingSource.Live })
        {
            if (old.Removed || old.SettingsJson != wanted.SettingsJson || old.Kind != wanted.Kind)
            {
                kept.Add(wanted.Name);
            }
        }
        else if (old != wanted)
        {
            Put(db, old, wanted, who);
        }
    }

    private void Put(SqliteConnection db, SeededRecord? old, SeededRecord row, string who)
    {
        Store(db, row);
        if (old?.SettingsJson != row.SettingsJson || old.Removed != row.Removed || old.Kind != row.Kind)
        {
            var visible = old is { Removed: false } ? old : null;
            var action = visible is null ? "add" : "change";
            AuditTable.Write(db, store.NowMs, new AuditChange(who, $"{noun}.{action}", row.Name, visible?.SettingsJson, row.SettingsJson));
        }
    }

    private void Delete(SqliteConnection db, SeededRecord gone, string who)
    {
        db.Execute($"DELETE FROM {table} WHERE name = $name", ("$name", gone.Name));
        if (!gone.Removed)
        {
            AuditTable.Write(db, store.NowMs, new AuditChange(who, $"{noun}.remove", gone.Name, gone.SettingsJson, null));
        }
    }

    private void Store(SqliteConnection db, SeededRecord row) => db.Execute(
        $"INSERT OR REPLACE INTO {table}({Columns}) VALUES ($name, $kind, $settings, $source, $position, $removed)",
        ("$name", row.Name), ("$kind", row.Kind), ("$settings", row.SettingsJson),
        ("$source", row.Source == SettingSource.File ? "file" : "live"), ("$position", row.Position), ("$removed", row.Removed ? 1 : 0));

    private SeededRecord? ByName(SqliteConnection db, string name) =>
        db.First(Read, $"SELECT {Columns} FROM {table} WHERE name = $name", ("$name", name));

    private static SeededRecord Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2),
        row.GetString(3) == "file" ? SettingSource.File : SettingSource.Live, row.GetInt32(4), row.GetInt64(5) != 0);
}
