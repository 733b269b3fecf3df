using System.Globalization;
using System.Runtime.InteropServices;

namespace Strowger.Server.Cli.Doctor;

/// <summary>Clock and limits of the machine.</summary>
internal static partial class MachineExamination
{
    private const int RLimitNoFile = 7;
    private const ulong EnoughFiles = 4096;

    /// <summary>adjtimex(2): the clock is not kept by NTP.</summary>
    private const int TimeError = 5;

    private const string Raise = "raise it: ulimit -n 65536, or LimitNOFILE=65536 in the systemd unit";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public static Finding Clock(string data, DateTimeOffset now)
    {
        var shown = now.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var built = File.GetLastWriteTimeUtc(typeof(MachineExamination).Assembly.Location);
        if (now.UtcDateTime + TimeSpan.FromDays(1) < built)
        {
            return new Finding("clock", Verdict.Wrong, $"{shown} is before this program was built", "set the clock: timedatectl set-ntp true");
        }

        var newest = NewestFile(data);
        if (newest > now.UtcDateTime + Tolerance)
        {
            return new Finding("clock", Verdict.Doubtful, $"{shown}, but the data directory was written at {newest:yyyy-MM-dd HH:mm:ss}", "it went back; times in lists will overlap. Keep it with NTP: timedatectl set-ntp true");
        }

        return IsSynchronised() == false
            ? new Finding("clock", Verdict.Doubtful, $"{shown}, not kept by NTP", "timedatectl set-ntp true (times of receipts are compared with the carrier's)")
            : new Finding("clock", Verdict.Good, shown);
    }

    public static Finding OpenFiles() => OpenFiles(getrlimit(RLimitNoFile, out var limit) == 0 ? limit.Current : null);

    /// <param name="most">The limit; null when it is not known.</param>
    public static Finding OpenFiles(ulong? most)
    {
        if (most is not { } files)
        {
            return new Finding("open files", Verdict.Doubtful, "the limit is not known", Raise);
        }

        return files < EnoughFiles
            ? new Finding("open files", Verdict.Doubtful, $"at most {files}", Raise)
            : new Finding("open files", Verdict.Good, $"at most {files}");
    }

    private static DateTime NewestFile(string data) => Directory.Exists(data)
        ? Directory.EnumerateFiles(data).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty(DateTime.MinValue).Max()
        : DateTime.MinValue;

    private static bool? IsSynchronised()
    {
        // struct timex is 208 octets on 64-bit Linux; modes = 0 only reads.
        Span<byte> timex = stackalloc byte[256];
        timex.Clear();
        var state = adjtimex(ref MemoryMarshal.GetReference(timex));
        return state < 0 ? null : state != TimeError;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Maximum;
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc")]
    private static partial int adjtimex(ref byte timex);
}
