using Microsoft.Win32.SafeHandles;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

/// <summary>A real file system that fails on demand.</summary>
internal sealed class FaultyStorage : JournalStorage
{
    private const int Eio = 5;
    private const int Enospc = 28;

    public bool DiskFull { get; set; }
    public bool SyncFails { get; set; }
    public bool WriteFails { get; set; }

    /// <summary>So many syncs of segments in use fail; those of a spare one, made at times of its own, do not count.</summary>
    public int FailSyncs
    {
        get => Volatile.Read(ref _failSyncs);
        set => Volatile.Write(ref _failSyncs, value);
    }

    public int MaxWriteBytes { get; set; } = int.MaxValue;
    private int _syncs;
    private int _failSyncs;
    private volatile SafeFileHandle? _spare;

    public Action? BeforeSync { get; set; }

    /// <summary>Called with the file whose sync fails: what the kernel may have lost of it.</summary>
    public Action<SafeFileHandle>? OnFailedSync { get; set; }

    public int Syncs => Volatile.Read(ref _syncs);

    public override SafeFileHandle Create(string path)
    {
        SafeFileHandle file = base.Create(path);
        if (Path.GetFileName(path) == "spare.tmp")
        {
            _spare = file;
        }

        return file;
    }

    public override void Rename(string from, string to)
    {
        base.Rename(from, to);
        if (Path.GetFileName(from) == "spare.tmp")
        {
            _spare = null;
        }
    }

    public override void Allocate(SafeFileHandle file, long bytes)
    {
        if (DiskFull)
        {
            throw new IOException("No space left on device", Enospc);
        }

        base.Allocate(file, bytes);
    }

    public override int Write(SafeFileHandle file, ReadOnlySpan<byte> source, long offset)
    {
        if (WriteFails)
        {
            throw new IOException("Input/output error", Eio);
        }

        return base.Write(file, source[..Math.Min(source.Length, MaxWriteBytes)], offset);
    }

    public override void Sync(SafeFileHandle file)
    {
        Interlocked.Increment(ref _syncs);
        BeforeSync?.Invoke();
        if (SyncFails || (file != _spare && FailSyncs > 0 && Interlocked.Decrement(ref _failSyncs) >= 0))
        {
            OnFailedSync?.Invoke(file);
            throw new IOException("Input/output error", Eio);
        }

        base.Sync(file);
    }
}
