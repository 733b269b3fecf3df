using System.Diagnostics;
using System.Globalization;

namespace Strowger.Server.Cli.Doctor;

/// <summary>The data directory: may it be written, how fast is a text safe, how much room is left.</summary>
internal static class DiskExamination
{
    private const int Probes = 20;
    private const int ProbeBytes = 4096;

    /// <summary>A single text waits for one sync; the promise of 10 ms from request to wire needs most of it left.</summary>
    private const double SlowSyncMs = 5;

    /// <summary>Under this a disk may lie: no flash cell is written in 20 µs, so it is likely that syncs are ignored.</summary>
    private const double UnbelievableSyncMs = 0.02;

    private const long LittleRoomBytes = 2L << 30;

    public static IEnumerable<Finding> Run(string data)
    {
        var probe = Path.Combine(data, $".doctor-{Environment.ProcessId}");
        var created = !Directory.Exists(data);
        Finding writable;
        double[]? syncs = null;
        try
        {
            Directory.CreateDirectory(data);
            syncs = TimeSyncs(probe);
            writable = new Finding("data directory", Verdict.Good, $"{data} can be written");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            writable = new Finding(
                "data directory", Verdict.Wrong, $"{data}: {error.Message}", $"make it writable for {Environment.UserName}, or name another one with --data DIR");
        }

        yield return writable;
        if (syncs is not null)
        {
            yield return Sync(syncs);
            yield return Room(new DriveInfo(data).AvailableFreeSpace);
            if (created)
            {
                Directory.Delete(data);
            }
        }
    }

    private static double[] TimeSyncs(string path)
    {
        var block = new byte[ProbeBytes];
        var times = new double[Probes];
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, Probes * ProbeBytes);
            for (var i = 0; i < Probes; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * ProbeBytes);
                RandomAccess.FlushToDisk(file);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }
        finally
        {
            File.Delete(path);
        }

        Array.Sort(times);
        return times;
    }

    /// <param name="sorted">Milliseconds of each sync, the fastest first.</param>
    public static Finding Sync(double[] sorted)
    {
        var median = sorted[sorted.Length / 2];
        var detail = string.Create(CultureInfo.InvariantCulture, $"a write is safe after {median:0.00} ms (median of {Probes}, slowest {sorted[^1]:0.00} ms)");
        return median switch
        {
            > SlowSyncMs => new Finding("disk sync", Verdict.Doubtful, detail, "single texts will wait that long; use an SSD, or send in batches, which share a sync"),
            < UnbelievableSyncMs => new Finding("disk sync", Verdict.Doubtful, detail, "so fast that it is likely no sync at all (a RAM disk, or a host that ignores it): a power cut may lose texts"),
            _ => new Finding("disk sync", Verdict.Good, detail),
        };
    }

    /// <param name="free">Octets.</param>
    public static Finding Room(long free)
    {
        var detail = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB free");
        return free < LittleRoomBytes
            ? new Finding("disk room", Verdict.Doubtful, detail, "make room: with a full disk nothing new is accepted; a million texts take about 0.5 GiB")
            : new Finding("disk room", Verdict.Good, detail);
    }
}
