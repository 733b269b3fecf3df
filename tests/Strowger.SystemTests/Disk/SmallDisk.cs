using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Disk;

/// <summary>
/// A file system of a few megabytes that can be filled up. It is mounted in a name space of its own, which needs no root where the
/// kernel lets users have one, and is gone with the process that holds it.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly ChildProcess _holder;
    private readonly string _mount;

    private SmallDisk(ChildProcess holder, string mount)
    {
        _holder = holder;
        _mount = mount;
    }

    /// <summary>Where programs in the name space see it.</summary>
    public string Inside => _mount;

    /// <summary>Where we see it.</summary>
    public string Outside => $"/proc/{_holder.Id}/root{_mount}";

    public static async Task<SmallDisk> MountAsync(string mount, int megabytes)
    {
        Directory.CreateDirectory(mount);
        var holder = ChildProcess.Start("unshare", ["-r", "-m", "sh", "-c", $"mount -t tmpfs -o size={megabytes}m tmpfs '{mount}' && echo mounted && exec cat"]);
        var said = await holder.Out.WaitAsync(0, static l => l == "mounted", TimeSpan.FromSeconds(10));
        Assert.True(said is not null, "A small disk needs a tmpfs in a name space of its own: run the tests as root, or allow user name spaces (sysctl kernel.unprivileged_userns_clone=1). " + holder.Error.Tail());
        return new SmallDisk(holder, mount);
    }

    /// <summary>Starts the rest of its command line in the name space; it keeps the process id.</summary>
    public IReadOnlyList<string> Within => ["nsenter", "-t", $"{_holder.Id}", "-U", "-m", "--preserve-credentials"];

    /// <summary>Takes all that is left, but for some octets.</summary>
    public void Fill(long leave = 0)
    {
        using var file = new FileStream(Path.Combine(Outside, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - leave));
        }
    }

    public void Free() => File.Delete(Path.Combine(Outside, "filler"));

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
