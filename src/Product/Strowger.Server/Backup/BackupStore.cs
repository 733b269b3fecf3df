using Strowger.Engine.Journaling;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>
/// A directory of backups: <c>TIME.manifest</c> for each, and their files in <c>store/</c> under their checksums. What did not change
/// from one backup to the next is there once.
/// </summary>
internal sealed class BackupStore(string directory)
{
    private const string Unfinished = ".tmp";
    private readonly string _store = Path.Combine(directory, "store");
    private int _made;

    public string Directory => directory;

    /// <summary>Manifests, newest first.</summary>
    public IReadOnlyList<string> Manifests => !System.IO.Directory.Exists(directory)
        ? []
        : [.. System.IO.Directory.EnumerateFiles(directory, "*" + BackupManifest.Extension)
            .Where(static path => BackupManifest.TimeOf(path) is not null).OrderDescending(StringComparer.Ordinal)];

    /// <summary>Makes the directory and holds it: one backup at a time. What one that was cut short left behind goes.</summary>
    /// <exception cref="CliException">Another backup writes to it.</exception>
    public IDisposable Lock()
    {
        OwnerOnly.MakeDirectory(_store);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new CliException($"Another backup is writing to {directory} ({error.Message}). Wait for its end.");
        }

        foreach (var left in System.IO.Directory.EnumerateFiles(_store, "*" + Unfinished))
        {
            File.Delete(left);
        }

        return held;
    }

    /// <summary>The newest backup, begun at the time at the latest when one is given.</summary>
    /// <exception cref="CliException">There is none, or it is not whole.</exception>
    public BackupManifest Find(DateTimeOffset? at)
    {
        var manifests = Manifests;
        var path = manifests.FirstOrDefault(path => at is null || BackupManifest.TimeOf(path) <= at);
        return path is not null
            ? BackupManifest.Load(path)
            : throw new CliException(manifests.Count == 0
                ? $"There is no backup in {directory}."
                : $"The oldest backup in {directory} is of {Path.GetFileNameWithoutExtension(manifests[^1])}.");
    }

    /// <summary>The newest backup; null when there is none or it cannot be read, so that all is read again.</summary>
    public BackupManifest? FindNewest()
    {
        try
        {
            return Manifests is [var newest, ..] ? BackupManifest.Load(newest) : null;
        }
        catch (CliException)
        {
            return null;
        }
    }

    public string PathOf(string sha256) => Path.Combine(_store, sha256);

    public bool Has(BackupEntry entry) => new FileInfo(PathOf(entry.Sha256)) is { Exists: true } file && file.Length == entry.Bytes;

    /// <summary>A place for a file whose checksum is not known yet.</summary>
    public string NewPath() => Path.Combine(_store, $"{Environment.ProcessId}-{++_made}{Unfinished}");

    /// <summary>Gives a file, which is on the disk, its name.</summary>
    public void Keep(string path, string sha256) => File.Move(path, PathOf(sha256), overwrite: true);

    public void Sync() => DirectorySync.Flush(_store);

    /// <summary>Takes away all but the newest backups and every file that none of those needs.</summary>
    /// <returns>Backups and octets taken away.</returns>
    public (int Backups, long Bytes) Prune(int keep)
    {
        var manifests = Manifests;

        // Before anything goes: a manifest that cannot be read would make all its files look unneeded.
        var needed = manifests.Take(keep).SelectMany(path => BackupManifest.Load(path).Files).Select(static file => file.Sha256).ToHashSet(StringComparer.Ordinal);
        foreach (var old in manifests.Skip(keep))
        {
            File.Delete(old);
        }

        DirectorySync.Flush(directory);
        var freed = 0L;
        foreach (var file in new DirectoryInfo(_store).EnumerateFiles())
        {
            if (!needed.Contains(file.Name))
            {
                freed += file.Length;
                file.Delete();
            }
        }

        return (Math.Max(0, manifests.Count - keep), freed);
    }
}
