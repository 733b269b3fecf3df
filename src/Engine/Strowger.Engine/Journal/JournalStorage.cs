using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>
/// The few things the journal asks of a file system. Tests derive from it to make a disk fail; every failure is an
/// <see cref="IOException"/>.
/// </summary>
public class JournalStorage
{
    /// <summary>Makes an empty file for reading and writing; what stood there is emptied.</summary>
    public virtual SafeFileHandle Create(string path) => Open(path, FileMode.Create, FileAccess.ReadWrite);

    /// <summary>Opens an existing file.</summary>
    public virtual SafeFileHandle Open(string path, bool writable) =>
        Open(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read);

    /// <summary>Reserves disk blocks for the whole file, which then reads as zeros (posix_fallocate).</summary>
    public virtual void Allocate(SafeFileHandle file, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            Posix.Allocate(file, bytes);
        }
        else
        {
            RandomAccess.SetLength(file, bytes);
        }
    }

    /// <summary>Bytes in the file.</summary>
    public virtual long GetLength(SafeFileHandle file) => RandomAccess.GetLength(file);

    /// <summary>Reads at most the span's length; 0 only at the end of the file.</summary>
    public virtual int Read(SafeFileHandle file, Span<byte> destination, long offset) => RandomAccess.Read(file, destination, offset);

    /// <summary>Writes at least one byte and returns how many.</summary>
    public virtual int Write(SafeFileHandle file, ReadOnlySpan<byte> source, long offset)
    {
        if (OperatingSystem.IsLinux())
        {
            return Posix.Write(file, source, offset);
        }

        RandomAccess.Write(file, source, offset);
        return source.Length;
    }

    /// <summary>Returns when the file's content is on stable storage (fdatasync: its size never changes after allocation).</summary>
    public virtual void Sync(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            Posix.SyncData(file);
        }
        else
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Gives a file its name, in place of the file that had it.</summary>
    public virtual void Rename(string from, string to) => Guard(() => File.Move(from, to, overwrite: true));

    /// <summary>Removes a file; none there is no failure.</summary>
    public virtual void Delete(string path) => Guard(() => File.Delete(path));

    /// <summary>Makes creations, renames and deletions in a directory stable.</summary>
    public virtual void SyncDirectory(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Posix.SyncDirectory(path);
        }
    }

    private static SafeFileHandle Open(string path, FileMode mode, FileAccess access)
    {
        try
        {
            return File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
