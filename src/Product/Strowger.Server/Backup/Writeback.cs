using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strowger.Server.Backup;

/// <summary>Puts written octets on their way to the disk a little at a time, without asking the disk to empty its own cache for each.</summary>
internal static partial class Writeback
{
    private const uint BeforeWriteAfter = 7; // SYNC_FILE_RANGE_WAIT_BEFORE | _WRITE | _WAIT_AFTER

    /// <summary>Returns when the disk has them. They outlive a power cut only after the file is flushed, which also reports what failed here.</summary>
    public static void Push(SafeFileHandle file, long from, long count) => _ = sync_file_range(file, from, count, BeforeWriteAfter);

    [LibraryImport("libc")]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long bytes, uint flags);
}
