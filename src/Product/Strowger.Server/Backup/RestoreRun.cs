using Strowger.Engine.Journaling;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>
/// Makes a data directory from a backup. Files are gathered in a directory within it and get their places at the end, the journal
/// last; until then a server does not start on it.
/// </summary>
internal static class RestoreRun
{
    /// <param name="store">Where the backup is.</param>
    /// <param name="manifest">Which.</param>
    /// <param name="data">A directory that is empty or not there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Gives up; what was restored so far stays in its own directory and counts for nothing.</param>
    public static async Task RunAsync(BackupStore store, BackupManifest manifest, string data, TimeProvider time, Action<double> progress, CancellationToken cancel)
    {
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
        {
            throw new CliException($"{data} is not empty. A backup is restored into a new directory only: name another one, or move that one away.");
        }

        if (File.Exists(data))
        {
            throw new CliException($"{data} is a file.");
        }

        var gathered = Path.Combine(data, DataFiles.Restoring);
        OwnerOnly.MakeDirectory(gathered);
        DirectorySync.Flush(data);
        var done = 0L;
        var total = Math.Max(1, manifest.Bytes);
        var copy = new PacedCopy(double.PositiveInfinity, time, count => progress(Math.Min(1, (double)(done += count) / total)));
        foreach (var file in manifest.Files)
        {
            await CopyAsync(store, file, gathered, copy, cancel).ConfigureAwait(false);
        }

        // A journal belongs to every data directory, if only an empty one.
        OwnerOnly.MakeDirectory(Path.Combine(gathered, "journal"));
        Place(gathered, data);
    }

    private static async Task CopyAsync(BackupStore store, BackupEntry file, string gathered, PacedCopy copy, CancellationToken cancel)
    {
        var to = Path.Combine(gathered, file.Path.Replace('/', Path.DirectorySeparatorChar));
        OwnerOnly.MakeDirectory(Path.GetDirectoryName(to)!);
        var (sha256, bytes) = await copy.CopyAsync(store.PathOf(file.Sha256), to, long.MaxValue, cancel).ConfigureAwait(false);
        if (sha256 != file.Sha256 || bytes != file.Bytes)
        {
            throw new CliException($"{file.Path} is damaged in this backup; {gathered} is of no use. 'strowger restore {store.Directory} --verify' shows all that is; take another backup with --at.");
        }
    }

    private static void Place(string gathered, string data)
    {
        foreach (var directory in Directory.EnumerateDirectories(gathered, "*", SearchOption.AllDirectories).Append(gathered))
        {
            DirectorySync.Flush(directory);
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(gathered).OrderBy(static path => Path.GetFileName(path) == "journal").ToList())
        {
            Directory.Move(path, Path.Combine(data, Path.GetFileName(path)));
        }

        DirectorySync.Flush(data);
        Directory.Delete(gathered);
        DirectorySync.Flush(data);
    }
}
