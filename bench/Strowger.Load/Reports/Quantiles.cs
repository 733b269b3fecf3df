namespace Strowger.Load.Reports;

/// <summary>Quantiles of single measurements, all of which are kept.</summary>
internal sealed class Quantiles
{
    private readonly double[] _sorted;

    /// <param name="values">In any order; copied.</param>
    public Quantiles(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    public double Max => Count == 0 ? double.NaN : _sorted[^1];

    /// <summary>The smallest value that at least this share does not exceed; not a number when there is none.</summary>
    public double At(double share) => Count == 0 ? double.NaN : _sorted[Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1)];
}
