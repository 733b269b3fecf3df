namespace Strowger.Engine.Journaling;

/// <summary>A file made or renamed has its name on disk only when its directory was synced; .NET has no call for that.</summary>
public static class DirectorySync
{
    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void Flush(string directory) => Posix.SyncDirectory(directory);
}
