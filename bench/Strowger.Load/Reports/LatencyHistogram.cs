using System.Numerics;

namespace Strowger.Load.Reports;

/// <summary>Milliseconds in buckets at most 3 % wide, from a microsecond to an hour, in 8 KiB whatever the number of samples. Safe for several threads.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private readonly long[] _counts = new long[32 << SubBits];
    private long _count;
    private long _maxMicroseconds;

    public long Count => Volatile.Read(ref _count);

    public double MaxMs => Volatile.Read(ref _maxMicroseconds) / 1000.0;

    public void Add(double milliseconds)
    {
        var micros = (long)Math.Clamp(milliseconds * 1000, 0, 3.6e9);
        Interlocked.Increment(ref _counts[Index((ulong)micros)]);
        Interlocked.Increment(ref _count);
        for (var max = Volatile.Read(ref _maxMicroseconds); micros > max;)
        {
            max = Interlocked.CompareExchange(ref _maxMicroseconds, micros, max);
        }
    }

    /// <summary>The upper edge of the bucket that holds the quantile; not a number when there is no sample.</summary>
    public double At(double share)
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= rank)
            {
                return Math.Min(UpperEdge(i) / 1000.0, MaxMs);
            }
        }

        return MaxMs;
    }

    private static int Index(ulong micros)
    {
        if (micros < 1u << SubBits)
        {
            return (int)micros;
        }

        var power = BitOperations.Log2(micros);
        return ((power - SubBits + 1) << SubBits) | (int)((micros >> (power - SubBits)) & ((1u << SubBits) - 1));
    }

    private static double UpperEdge(int index)
    {
        var power = (index >> SubBits) - 1;
        return power < 0 ? index + 1 : (double)((1L << SubBits) + (index & ((1 << SubBits) - 1)) + 1) * (1L << power);
    }
}
