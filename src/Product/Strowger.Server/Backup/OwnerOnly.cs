namespace Strowger.Server.Backup;

/// <summary>Files and directories that nobody but their owner may read: they hold numbers, texts and passwords.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.ReadWrite,
        BufferSize = 0,
        UnixCreateMode = FileMode0600,
    });

    /// <summary>Makes a directory and those above it where they are missing.</summary>
    public static void MakeDirectory(string path) => Directory.CreateDirectory(path, FileMode0600 | UnixFileMode.UserExecute);
}
