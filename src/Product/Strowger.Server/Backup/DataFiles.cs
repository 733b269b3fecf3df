namespace Strowger.Server.Backup;

/// <summary>Which files of a data directory belong in a backup beside the journal, checkpoints and index, and what is left out.</summary>
internal static class DataFiles
{
    /// <summary>Built again from the journal, made at each start, or handled by their own rules.</summary>
    private static readonly string[] _leftOut = ["read", "journal", "checkpoints", "index", Restoring];

    private static readonly string[] _passing = [".sock", ".tmp", ".part", "-wal", "-shm", "-journal"];

    /// <summary>Where a restore gathers files before they count: a data directory that has it is not whole.</summary>
    public const string Restoring = ".restoring";

    /// <summary>Databases: copied by SQLite itself.</summary>
    public static bool IsDatabase(string path) => path.EndsWith(".db", StringComparison.Ordinal);

    /// <summary>Paths within the data directory, databases first: what they name must be there when the files are copied after them.</summary>
    public static IReadOnlyList<string> List(string data)
    {
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(data))
        {
            Add(found, data, path);
        }

        foreach (var directory in Directory.EnumerateDirectories(data))
        {
            if (Array.IndexOf(_leftOut, Path.GetFileName(directory)) < 0)
            {
                foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
                {
                    Add(found, data, path);
                }
            }
        }

        return [.. found.OrderBy(static path => !IsDatabase(path)).ThenBy(static path => path, StringComparer.Ordinal)];
    }

    private static void Add(List<string> found, string data, string path)
    {
        if (!Array.Exists(_passing, end => path.EndsWith(end, StringComparison.Ordinal)) && !Path.GetFileName(path).StartsWith(".doctor-", StringComparison.Ordinal))
        {
            found.Add(Path.GetRelativePath(data, path));
        }
    }
}
