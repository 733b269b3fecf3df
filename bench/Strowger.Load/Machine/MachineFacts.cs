using System.Globalization;
using System.Runtime.InteropServices;

namespace Strowger.Load.Machine;

/// <summary>What the figures were measured on.</summary>
internal static class MachineFacts
{
    public static string Describe(string directory)
    {
        var model = FirstValue("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = FirstValue("/proc/meminfo", "MemTotal")?.Split(' ')[0] is { } kib ? double.Parse(kib, CultureInfo.InvariantCulture) / (1 << 20) : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model}, {Environment.ProcessorCount} cores, {memory:0} GiB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, {FileSystemOf(directory)}, load {LoadAverage():0.00}");
    }

    /// <summary>Of the last minute: what else ran while we measured.</summary>
    public static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public static string FileSystemOf(string directory)
    {
        var path = Path.GetFullPath(directory);
        var (best, type) = ("", "unknown file system");
        foreach (var line in File.ReadLines("/proc/self/mounts"))
        {
            var fields = line.Split(' ');
            var mount = fields[1].TrimEnd('/');
            if ((path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal)) && mount.Length >= best.Length)
            {
                (best, type) = (mount, fields[2]);
            }
        }

        return type;
    }

    private static string? FirstValue(string file, string key) => File.ReadLines(file)
        .Where(line => line.StartsWith(key, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault();
}
