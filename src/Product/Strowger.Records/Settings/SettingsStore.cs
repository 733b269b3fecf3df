using Microsoft.Data.Sqlite;
using SQLitePCL;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>
/// The truth of keys, channels, routes, settings, users, audit and console sessions: <c>DATA/settings.db</c>, every change on
/// disk before the call returns (synchronous=FULL). Safe for use by several threads; changes are rare, so they take turns.
/// </summary>
public sealed class SettingsStore : IDisposable
{
    private readonly SqliteConnection _db;
    private readonly Lock _turn = new();

    private SettingsStore(SqliteConnection db, string path, TimeProvider time)
    {
        _db = db;
        Path = path;
        Time = time;
        Audit = new AuditTable(this);
        Keys = new KeyTable(this);
        Channels = new ChannelTable(this);
        Routes = new RouteTable(this);
        Values = new ValueTable(this);
        Logins = new LoginTable(this);
        Users = new UserTable(this);
        Shares = new ShareTable(this);
        Webhooks = new WebhookTable(this);
        Alarms = new AlarmTable(this);
    }

    public string Path { get; }

    public KeyTable Keys { get; }

    public ChannelTable Channels { get; }

    public RouteTable Routes { get; }

    public ValueTable Values { get; }

    public LoginTable Logins { get; }

    public UserTable Users { get; }

    public ShareTable Shares { get; }

    public WebhookTable Webhooks { get; }

    public AlarmTable Alarms { get; }

    public AuditTable Audit { get; }

    internal TimeProvider Time { get; }

    internal long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens or creates the settings of a data directory.</summary>
    /// <exception cref="RecordsException">Missing library, newer format version, damage, no right to write.</exception>
    public static SettingsStore Open(string dataDirectory, TimeProvider time)
    {
        SqliteLibrary.EnsureLoaded();
        var path = System.IO.Path.Combine(dataDirectory, "settings.db");
        try
        {
            Directory.CreateDirectory(dataDirectory);
            CreateOwnerOnly(path);
            return new SettingsStore(Connect(path), path, time);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new RecordsException($"{path} cannot be used: {error.Message}", error);
        }
    }

    public void Dispose() => _db.Dispose();

    internal T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_turn)
        {
            return Guard(() => read(_db));
        }
    }

    internal T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_turn)
        {
            return Guard(() =>
            {
                using var transaction = _db.BeginTransaction(deferred: false);
                var result = write(_db);
                transaction.Commit();
                return result;
            });
        }
    }

    private static SqliteConnection Connect(string path)
    {
        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = (int)RecordsLimits.BusyTimeout.TotalSeconds,
        };
        var db = new SqliteConnection(builder.ToString());
        try
        {
            db.Open();
            db.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            SettingsSchema.Migrations.Apply(db.Handle!, path);
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Channels hold carriers' passwords: nobody but the owner may read the file. SQLite gives its WAL the same rights.</summary>
    private static void CreateOwnerOnly(string path)
    {
        if (!File.Exists(path))
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException error)
        {
            var advice = error.SqliteErrorCode == raw.SQLITE_FULL ? " The disk is full: make room and try again." : "";
            throw new RecordsException($"{Path}: {error.Message}{advice}", error);
        }
    }
}
