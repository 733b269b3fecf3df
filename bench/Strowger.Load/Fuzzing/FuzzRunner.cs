using System.Diagnostics;

namespace Strowger.Load.Fuzzing;

/// <param name="Inputs">Read.</param>
/// <param name="Faults">Inputs that made the reader throw.</param>
/// <param name="FirstFault">The first of them, with its octets in hex.</param>
/// <param name="SlowestMs">The slowest input, the best of several readings of it: what another process or the collector took is not its fault.</param>
internal sealed record FuzzResult(long Inputs, long Faults, string? FirstFault, TimeSpan Elapsed, double SlowestMs);

/// <summary>Feeds a target.</summary>
internal static class FuzzRunner
{
    private const int ShownBytes = 400;
    private const int Readings = 5;
    private static readonly long _suspicious = Stopwatch.Frequency / 50;

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
        var done = 0L;
        for (; done < inputs && !ct.IsCancellationRequested; done++)
        {
            var length = target.Finish(mutator.Buffer, mutator.Next(), random);
            var input = mutator.Buffer.AsSpan(0, length);
            try
            {
                slowest = Math.Max(slowest, Time(target, input));
            }
            catch (Exception fault)
            {
                faults++;
                first ??= $"{fault.GetType().Name}: {fault.Message} {fault.StackTrace?.Split('\n')[0].Trim()} on {length} octets {Convert.ToHexString(input[..Math.Min(length, ShownBytes)])}";
            }
        }

        return new FuzzResult(done, faults, first, Stopwatch.GetElapsedTime(start), Stopwatch.GetElapsedTime(0, slowest).TotalMilliseconds);
    }

    private static long Time(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        var best = long.MaxValue;
        for (var reading = 0; reading < Readings && best > _suspicious; reading++)
        {
            var start = Stopwatch.GetTimestamp();
            target.Read(input);
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }

        return best;
    }
}
