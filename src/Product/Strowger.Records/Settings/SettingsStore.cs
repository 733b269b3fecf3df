using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>
/// The truth of keys, channels, routes, SMPP clients, settings, users, audit and console sessions: <c>DATA/settings.db</c>, every change on
/// disk before the call returns. Safe for use by several threads.
/// </summary>
public sealed class SettingsStore : IDisposable
{
    private readonly DurableDb _db;

    private SettingsStore(DurableDb db, string path, TimeProvider time)
    {
        _db = db;
        Path = path;
        Time = time;
        Audit = new AuditTable(this);
        Keys = new KeyTable(this);
        Channels = new ChannelTable(this);
        Routes = new RouteTable(this);
        SmppClients = new SmppClientTable(this);
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

    public SmppClientTable SmppClients { get; }

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
        var path = System.IO.Path.Combine(dataDirectory, "settings.db");
        try
        {
            Directory.CreateDirectory(dataDirectory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RecordsException($"{path} cannot be used: {error.Message}", error);
        }

        return new SettingsStore(DurableDb.Open(path, SettingsSchema.Migrations), path, time);
    }

    public void Dispose() => _db.Dispose();

    internal T Read<T>(Func<SqliteConnection, T> read) => _db.Read(read);

    internal T Write<T>(Func<SqliteConnection, T> write) => _db.Write(write);
}
