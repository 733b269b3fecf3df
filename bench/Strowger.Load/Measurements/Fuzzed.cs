using Strowger.Load.Fuzzing;
using Strowger.Load.Machine;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>Hostile inputs for every reader of foreign octets, on all cores: none may throw, hang, or take memory.</summary>
internal static class Fuzzed
{
    private const double MaxSlowestMs = 500;
    private const double MaxPeakBytes = 600e6;

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var inputs = run.Options.Fuzz > 0 ? run.Options.Fuzz : 200_000;
        var names = FuzzTargets.All();
        for (var target = 0; target < names.Count; target++)
        {
            var (cores, which) = (Environment.ProcessorCount, target);
            var parts = await Task.WhenAll(Enumerable.Range(0, cores).Select(core => Task.Factory.StartNew(
                () => FuzzRunner.Run(FuzzTargets.All()[which], (inputs + cores - 1) / cores, (which * 1000) + core, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            Report(run, names[target].Name, parts);
        }

        var peak = ProcessUse.PeakResidentBytes(Environment.ProcessId);
        run.AtMost("… this process's memory at its peak", peak, MaxPeakBytes, Words.Bytes, ("peak_bytes", peak));
    }

    private static void Report(LoadRun run, string name, FuzzResult[] parts)
    {
        var (inputs, faults) = (parts.Sum(p => p.Inputs), parts.Sum(p => p.Faults));
        var rate = inputs / parts.Max(p => p.Elapsed.TotalSeconds);
        var slowest = parts.Max(p => p.SlowestMs);
        var first = parts.Select(p => p.FirstFault).FirstOrDefault(f => f is not null);
        run.Add(new Row(
            run.Current, $"fuzzed: {name}, {Words.Count(inputs)} inputs",
            $"{Words.Count(faults)} faults, {Words.PerSecond(rate)}, slowest {Words.Milliseconds(slowest)}", "0 faults, none hangs", faults == 0 && slowest <= MaxSlowestMs)
        {
            Figures = [("inputs", inputs), ("faults", faults), ("inputs_per_second", rate), ("slowest_ms", slowest)],
        });
        if (first is not null)
        {
            run.Tell("         " + first);
        }
    }
}
