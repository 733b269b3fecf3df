using System.Globalization;

namespace Strowger.Load.Machine;

/// <summary>What a process takes of the machine, from /proc (proc(5)).</summary>
internal static class ProcessUse
{
    /// <summary>USER_HZ is 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far; 0 once it is gone.</summary>
    public static double CpuSeconds(int processId)
    {
        try
        {
            return ParseCpu(File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat")) / TicksPerSecond;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Octets in memory now.</summary>
    public static long ResidentBytes(int processId) => StatusKibibytes(processId, "VmRSS") * 1024;

    /// <summary>The most octets it had in memory.</summary>
    public static long PeakResidentBytes(int processId) => StatusKibibytes(processId, "VmHWM") * 1024;

    public static int OpenFiles(int processId) =>
        Directory.GetFileSystemEntries($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/fd").Length;

    /// <summary>Octets on disk, holes not counted (preallocated space is).</summary>
    public static long DiskBytes(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(Length);

    /// <summary>A file that was renamed or deleted since it was listed, as cursors are all the time, counts nothing.</summary>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>Fields 14 and 15; the name before them may hold blanks and parentheses.</summary>
    internal static long ParseCpu(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static long StatusKibibytes(int processId, string key)
    {
        foreach (var line in File.ReadLines($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(key.Length + 1).Trim(" \tkB"), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
