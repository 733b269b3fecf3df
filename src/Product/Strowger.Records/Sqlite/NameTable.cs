namespace Strowger.Records.Sqlite;

/// <summary>Words that come again and again (channels, senders, campaigns) as small numbers; 0 is none.</summary>
internal sealed class NameTable : IDisposable
{
    public const string Schema = "CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;";

    /// <summary>Beyond it the cache starts anew; the table itself has every word.</summary>
    private const int MaxCached = 16_384;

    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _names = [];
    private readonly SqliteStatement _byName;
    private readonly SqliteStatement _byId;
    private readonly SqliteStatement? _insert;

    public NameTable(SqliteDb db, bool readOnly)
    {
        _byName = db.Prepare("SELECT id FROM names WHERE name = ?");
        _byId = db.Prepare("SELECT name FROM names WHERE id = ?");
        _insert = readOnly ? null : db.Prepare("INSERT INTO names(name) VALUES (?) RETURNING id");
    }

    /// <summary>The word's number, a new one if need be.</summary>
    public long Add(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return 0;
        }

        return _ids.TryGetValue(name, out var id) ? id : Remember(name, Select(_byName, name) ?? Select(_insert!, name) ?? 0);
    }

    /// <summary>The word's number; null when no row has it.</summary>
    public long? Find(string name)
    {
        if (_ids.TryGetValue(name, out var id))
        {
            return id;
        }

        return Select(_byName, name) is { } found ? Remember(name, found) : null;
    }

    public string? Name(long id)
    {
        if (id == 0)
        {
            return null;
        }

        if (!_names.TryGetValue(id, out var name))
        {
            _byId.Bind(1, id);
            name = _byId.Step() ? _byId.Text(0) : null;
            _byId.Reset();
            if (name is not null)
            {
                Remember(name, id);
            }
        }

        return name;
    }

    public void Dispose()
    {
        _byName.Dispose();
        _byId.Dispose();
        _insert?.Dispose();
    }

    private long Remember(string name, long id)
    {
        if (_ids.Count >= MaxCached)
        {
            _ids.Clear();
            _names.Clear();
        }

        _ids[name] = id;
        _names[id] = name;
        return id;
    }

    private static long? Select(SqliteStatement statement, string name)
    {
        statement.Bind(1, name);
        long? id = statement.Step() ? statement.Int64(0) : null;
        statement.Reset();
        return id;
    }
}
