using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Clock;

/// <summary>
/// libfaketime (Debian's package of that name) in a process that is started with <see cref="Environment"/>: its wall clock is
/// ahead or behind by what was set last, its monotonic clock is left alone, as when somebody sets the date of a machine.
/// </summary>
internal sealed class FakeClock
{
    private readonly string _file;

    public FakeClock(TempDirectory directory)
    {
        var library = Directory.GetDirectories("/usr/lib", "*-linux-*").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("libfaketime is not installed: ./test installs it (Debian: apt-get install libfaketime).");
        _file = directory.Write("clock", "+0");
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = _file,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>From now on the clock shows so much more (or less) than the true time.</summary>
    public void Set(TimeSpan offset)
    {
        var next = _file + ".next";
        File.WriteAllText(next, $"{(offset < TimeSpan.Zero ? "-" : "+")}{Math.Abs((long)offset.TotalSeconds)}");
        File.Move(next, _file, overwrite: true);
    }
}
