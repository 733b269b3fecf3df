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
    public int FailSyncs { get; set; }
    public int MaxWriteBytes { get; set; } = int.MaxValue;
    private int _syncs;

    public Action? BeforeSync { get; set; }

    /// <summary>Called with the file whose sync fails: what the kernel may have lost of it.</summary>
    public Action<SafeFileHandle>? OnFailedSync { get; set; }

    public int Syncs => Volatile.Read(ref _syncs);

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
        if (SyncFails || FailSyncs > 0)
        {
            FailSyncs = Math.Max(0, FailSyncs - 1);
            OnFailedSync?.Invoke(file);
            throw new IOException("Input/output error", Eio);
        }

        base.Sync(file);
    }
}
