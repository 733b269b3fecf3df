using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Packaging;

/// <summary>A Debian of its own without an SDK, of this machine's release, in which a package has been installed as its users would.</summary>
internal sealed class BareBox : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    private readonly TempDirectory _directory = new();

    private BareBox()
    {
    }

    public string Root => _directory.File("root");

    public static async Task<BareBox> InstallAsync(string deb, string tarball)
    {
        var release = File.ReadLines("/etc/os-release").Single(l => l.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal)).Split('=')[1].Trim('"');
        var box = new BareBox();
        try
        {
            await using var maker = ChildProcess.Start(
                Peer.Need("mmdebstrap", "mmdebstrap"),
                [
                    "--variant=apt", "--quiet",
                    $"--customize-hook=copy-in {deb} /tmp",
                    $"--customize-hook=chroot \"$1\" apt-get install -y -qq --no-install-recommends /tmp/{Path.GetFileName(deb)}",
                    $"--customize-hook=tar -C \"$1/opt\" -xzf {tarball}",
                    release, box.Root,
                ]);
            maker.Input.Close();
            Assert.True(await maker.ExitAsync(_patience) == 0, "The Debian for the test could not be made: " + maker.Error.Tail());
            return box;
        }
        catch
        {
            box.Dispose();
            throw;
        }
    }

    /// <summary>Starts a program in it, as one of its users; it keeps the process id. The runtime needs /proc.</summary>
    public ChildProcess Start(string user, params string[] command) => ChildProcess.Start(
        "unshare",
        ["-m", "--propagation", "private", "sh", "-c", $"mount --rbind /proc '{Root}/proc' && exec chroot --userspec={user} '{Root}' \"$@\"", "sh", .. command],
        StrowgerProcess.Environment);

    public void Dispose() => _directory.Dispose();
}
