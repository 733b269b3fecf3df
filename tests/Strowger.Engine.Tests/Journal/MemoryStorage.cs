using Microsoft.Win32.SafeHandles;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

/// <summary>One read-only file in memory.</summary>
internal sealed class MemoryStorage : JournalStorage
{
    public byte[] Content { get; set; } = [];

    public override SafeFileHandle Open(string path, bool writable) => new(-1, ownsHandle: false);

    public override int Read(SafeFileHandle file, Span<byte> destination, long offset)
    {
        int count = (int)Math.Clamp(Content.Length - offset, 0, destination.Length);
        Content.AsSpan((int)Math.Min(offset, Content.Length), count).CopyTo(destination);
        return count;
    }
}
