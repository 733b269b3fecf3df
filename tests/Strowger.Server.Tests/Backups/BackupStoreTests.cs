using System.Security.Cryptography;
using System.Text;
using Strowger.Server.Backup;
using Strowger.Server.Cli;

namespace Strowger.Server.Tests.Backups;

public sealed class BackupStoreTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-backup-store-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_newest_are_kept_with_every_file_that_they_share_with_those_that_go()
    {
        var store = new BackupStore(_directory.FullName);
        using var held = store.Lock();
        Make(store, 1, "shared", "first");
        Make(store, 2, "shared", "second");
        Make(store, 3, "shared", "third");

        Assert.Equal((1, 5), store.Prune(2));

        Assert.Equal(["2026-01-03T00-00-00Z.manifest", "2026-01-02T00-00-00Z.manifest"], store.Manifests.Select(path => Path.GetFileName(path)));
        Assert.Equal(["second", "shared", "third"], Directory.EnumerateFiles(Path.Combine(_directory.FullName, "store")).Select(File.ReadAllText).Order());
        Assert.Equal((0, 0), store.Prune(2));
    }

    [Fact]
    public void While_a_kept_backup_cannot_be_read_nothing_is_taken_away()
    {
        var store = new BackupStore(_directory.FullName);
        using var held = store.Lock();
        Make(store, 1, "first");
        Make(store, 2, "second");
        File.AppendAllText(store.Manifests[0], "damage");

        Assert.Throws<CliException>(() => store.Prune(1));

        Assert.Equal(2, store.Manifests.Count);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_directory.FullName, "store")).Length);
    }

    private static string SumOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content)));

    /// <summary>A backup of files that hold their own names.</summary>
    private static void Make(BackupStore store, int day, params string[] files)
    {
        Array.ForEach(files, name => File.WriteAllText(store.PathOf(SumOf(name)), name));
        new BackupManifest
        {
            Time = new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero),
            Program = "test",
            JournalBegin = 0,
            JournalEnd = 0,
            Files = [.. files.Select(name => new BackupEntry(name, SumOf(name), name.Length, name.Length, 0))],
        }.Save(store.Directory);
    }
}
