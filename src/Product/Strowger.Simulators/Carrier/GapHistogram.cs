using System.Numerics;

namespace Strowger.Simulators;

/// <summary>Times between submits, in microseconds, in buckets an eighth of a power of two wide.</summary>
internal sealed class GapHistogram
{
    private const int SubBits = 3;
    private readonly long[] _counts = new long[64 << SubBits];

    public long Count { get; private set; }

    public void Add(TimeSpan gap)
    {
        ulong micros = (ulong)Math.Max(0, gap.Ticks / TimeSpan.TicksPerMicrosecond);
        _counts[Index(micros)]++;
        Count++;
    }

    /// <summary>In milliseconds; the upper edge of the bucket that holds the quantile.</summary>
    public double Quantile(double q)
    {
        long rank = (long)Math.Ceiling(q * Count);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
            {
                return Edge(i) / 1000.0;
            }
        }

        return 0;
    }

    private static int Index(ulong micros)
    {
        if (micros < 1u << SubBits)
        {
            return (int)micros;
        }

        int power = BitOperations.Log2(micros);
        return ((power - SubBits + 1) << SubBits) | (int)((micros >> (power - SubBits)) & ((1u << SubBits) - 1));
    }

    private static double Edge(int index)
    {
        if (index < 1 << SubBits)
        {
            return index;
        }

        int power = (index >> SubBits) + SubBits - 1;
        int sub = index & ((1 << SubBits) - 1);
        return Math.Pow(2, power) * (1 + ((sub + 1) / (double)(1 << SubBits)));
    }
}
