using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>The system calls .NET has no method for. A failure is an <see cref="IOException"/> whose HResult is the errno.</summary>
internal static partial class Posix
{
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int OpenReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC
    private const int OpenOrCreate = 0x80042; // O_RDWR | O_CREAT | O_CLOEXEC
    private const int OwnerOnly = 0x180; // 0600
    private const int LockExclusiveNonBlocking = 2 | 4; // LOCK_EX | LOCK_NB
    private const int Release = 8; // LOCK_UN

    public static void Allocate(SafeFileHandle file, long bytes)
    {
        int error;
        do
        {
            error = posix_fallocate(file, 0, bytes);
        }
        while (error == Interrupted);

        if (error != 0)
        {
            throw Failure("posix_fallocate", error);
        }
    }

    public static int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        while (true)
        {
            nint written = pwrite(file, bytes, (nuint)bytes.Length, offset);
            if (written >= 0)
            {
                return (int)written;
            }

            ThrowUnlessInterrupted("pwrite");
        }
    }

    public static void SyncData(SafeFileHandle file)
    {
        while (fdatasync(file) != 0)
        {
            ThrowUnlessInterrupted("fdatasync");
        }
    }

    public static void SyncDirectory(string path)
    {
        using SafeFileHandle directory = open(path, OpenReadOnly, 0);
        if (directory.IsInvalid)
        {
            throw Failure("open directory", Marshal.GetLastPInvokeError());
        }

        while (fsync(directory) != 0)
        {
            ThrowUnlessInterrupted("fsync directory");
        }
    }

    /// <summary>The open file while it lives is the lock; null when another process holds it.</summary>
    public static SafeFileHandle? TryLock(string path)
    {
        SafeFileHandle file = open(path, OpenOrCreate, OwnerOnly);
        if (file.IsInvalid)
        {
            throw Failure("open " + path, Marshal.GetLastPInvokeError());
        }

        while (flock(file, LockExclusiveNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                file.Dispose();
                return error == WouldBlock ? null : throw Failure("flock", error);
            }
        }

        return file;
    }

    /// <summary>
    /// Lets the lock go. Closing the file alone does not while a child process that this one is just starting still shares it,
    /// between fork and exec.
    /// </summary>
    public static void Unlock(SafeFileHandle file)
    {
        while (flock(file, Release) != 0)
        {
            ThrowUnlessInterrupted("flock");
        }
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw Failure(call, error);
        }
    }

    private static IOException Failure(string call, int error) => new($"{call}: {new Win32Exception(error).Message}", error);

    [LibraryImport("libc")]
    private static partial int posix_fallocate(SafeFileHandle file, long offset, long bytes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pwrite(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);
}
