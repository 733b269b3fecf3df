using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>One process at a time: an exclusive flock on the file "lock", let go by the kernel when the process ends in any way.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    public static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, "lock");
        try
        {
            // Elsewhere than on Linux, FileShare.None is the lock.
            SafeFileHandle? file = OperatingSystem.IsLinux()
                ? Posix.TryLock(path)
                : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return file is null
                ? throw new JournalException($"The journal in {directory} is in use by another process. Stop it, or choose another data directory.")
                : new DirectoryLock(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Cannot lock the journal in {directory}: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux() && !_file.IsClosed)
        {
            Posix.Unlock(_file);
        }

        _file.Dispose();
    }
}
