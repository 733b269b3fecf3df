namespace Strowger.SystemTests.Journal;

internal static class DataCopy
{
    /// <summary>A data directory as it lay there when its server was killed. Sockets are not data.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.GetDirectories(from))
        {
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
        }

        foreach (var file in Directory.GetFiles(from).Where(f => !f.EndsWith(".sock", StringComparison.Ordinal) && !f.EndsWith("spare.tmp", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
