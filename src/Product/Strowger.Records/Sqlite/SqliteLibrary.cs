using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Strowger.Records.Sqlite;

/// <summary>
/// Binds SQLitePCLRaw to the system's libsqlite3.so.0, so that security updates come from the distribution and no native
/// library is shipped. Must run before the first connection.
/// </summary>
public static class SqliteLibrary
{
    private const string ImportName = "e_sqlite3";
    private const string SystemName = "libsqlite3.so.0";

    /// <summary>STRICT tables came with 3.37.0 (sqlite.org/stricttables.html).</summary>
    private const int MinimumVersion = 3_037_000;

    private static readonly Lazy<string> LoadedVersion = new(Load);

    /// <summary>Loads the library once a process.</summary>
    /// <returns>Its version, such as 3.40.1.</returns>
    /// <exception cref="RecordsException">It is missing or too old; the message names the Debian package.</exception>
    public static string EnsureLoaded() => LoadedVersion.Value;

    private static string Load()
    {
        if (!NativeLibrary.TryLoad(SystemName, out var library))
        {
            throw new RecordsException(
                $"The system library {SystemName} is missing. Install the Debian package libsqlite3-0: apt-get install libsqlite3-0");
        }

        nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == ImportName ? library : 0;
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();

        var version = raw.sqlite3_libversion().utf8_to_string();
        if (raw.sqlite3_libversion_number() < MinimumVersion)
        {
            throw new RecordsException(
                $"The system library {SystemName} is version {version}; 3.37.0 or newer is needed. Upgrade the Debian package libsqlite3-0.");
        }

        return version;
    }
}
