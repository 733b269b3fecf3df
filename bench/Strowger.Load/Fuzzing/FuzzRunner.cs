using System.Diagnostics;

namespace Strowger.Load.Fuzzing;

/// <param name="Inputs">Read.</param>
/// <param name="Faults">Inputs that made the reader throw.</param>
/// <param name="FirstFault">The first of them, with its octets in hex.</param>
/// <param name="SlowestMs">The slowest single input that was timed; garbage collection and other processes included.</param>
internal sealed record FuzzResult(long Inputs, long Faults, string? FirstFault, TimeSpan Elapsed, double SlowestMs);

/// <summary>Feeds a target.</summary>
internal static class FuzzRunner
{
    private const int ShownBytes = 400;

    /// <param name="target">Used by this thread alone.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="seed">The same gives the same inputs.</param>
    /// <param name="ct">Ends it early.</param>
    public static FuzzResult Run(FuzzTarget target, long inputs, int seed, CancellationToken ct)
    {
        var random = new Random(seed);
        var mutator = new Mutator(target.Seeds, random);
        var (faults, slowest) = (0L, 0L);
        string? first = null;
        var start = Stopwatch.GetTimestamp();
        var last = start;
        var done = 0L;
        for (; done < inputs && !ct.IsCancellationRequested; done++)
        {
            var length = target.Finish(mutator.Buffer, mutator.Next(), random);
            var input = mutator.Buffer.AsSpan(0, length);
            try
            {
                target.Read(input);
            }
            catch (Exception fault)
            {
                faults++;
                first ??= $"{fault.GetType().Name}: {fault.Message} {fault.StackTrace?.Split('\n')[0].Trim()} on {length} octets {Convert.ToHexString(input[..Math.Min(length, ShownBytes)])}";
            }

            var now = Stopwatch.GetTimestamp();
            slowest = Math.Max(slowest, now - last);
            last = now;
        }

        return new FuzzResult(done, faults, first, Stopwatch.GetElapsedTime(start), Stopwatch.GetElapsedTime(0, slowest).TotalMilliseconds);
    }
}
