using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>What beginning a segment takes, for the writer and for opening.</summary>
internal static class SegmentFile
{
    public static void WriteHeader(JournalStorage storage, SafeFileHandle file, long basePosition, long createdMs)
    {
        byte[] header = new byte[SegmentHeader.Bytes];
        new SegmentHeader(SegmentHeader.CurrentVersion, basePosition, createdMs).Write(header);
        WriteAll(storage, file, header, 0);
    }

    /// <summary>Syncs a complete file, gives it its name and syncs the name.</summary>
    public static void Name(JournalStorage storage, SafeFileHandle file, string from, string to)
    {
        storage.Sync(file);
        storage.Rename(from, to);
        storage.SyncDirectory(Path.GetDirectoryName(to)!);
    }

    public static void WriteAll(JournalStorage storage, SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int written = storage.Write(file, bytes, offset);
            if (written <= 0)
            {
                throw new IOException("The disk took no byte and gave no reason.");
            }

            bytes = bytes[written..];
            offset += written;
        }
    }
}
