namespace Strowger.Engine.Journaling;

/// <summary>
/// An empty file that says: the kernel failed to sync the last segment, so its pages in memory may never reach the disk although
/// they no longer count as dirty. It need not survive a power loss, which empties that memory; it survives the process, so that
/// the next one copies the segment instead of trusting it. Best effort: a disk that fails may refuse this too.
/// </summary>
internal static class SuspectMark
{
    private const string Name = "suspect";

    public static bool IsSet(string directory) => File.Exists(Path.Combine(directory, Name));

    public static void Set(JournalStorage storage, string directory)
    {
        try
        {
            storage.Create(Path.Combine(directory, Name)).Dispose();
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }

    public static void Clear(JournalStorage storage, string directory)
    {
        try
        {
            storage.Delete(Path.Combine(directory, Name));
        }
        catch (IOException)
        {
            // It costs the next start one needless copy.
        }
    }
}
