using Microsoft.Win32.SafeHandles;
using Strowger.Engine.Journaling;

namespace Strowger.Features.Planning;

/// <summary>Files that nobody needs after a power cut: nothing waits for the disk.</summary>
internal sealed class UnsyncedStorage : JournalStorage
{
    public override void Sync(SafeFileHandle file)
    {
    }

    public override void SyncDirectory(string path)
    {
    }
}
