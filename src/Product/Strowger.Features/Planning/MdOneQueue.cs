namespace Strowger.Features.Planning;

/// <summary>
/// How long one waits in an M/D/1 queue: arrivals at random, one server, each served in the same time. The distribution in the
/// form of G. J. Franx, "A simple solution for the M/D/c waiting time distribution", Operations Research Letters 29 (2001), 221-229: all its
/// terms are positive, so that it holds where Crommelin's alternating sum of 1932 loses all digits. Queue lengths by Ramaswami's
/// recursion (Stochastic Models 4, 1988), positive too.
/// </summary>
public sealed class MdOneQueue
{
    /// <summary>Lengths computed one by one; beyond, the tail is geometric.</summary>
    private const int MaxLength = 3000;

    private readonly double _load;
    private readonly double _service;
    private readonly List<double> _atMost = [];
    private readonly double _decay;

    /// <param name="arrivals">A second, over 0.</param>
    /// <param name="service">Seconds each, over 0; arrivals × service under 1.</param>
    public MdOneQueue(double arrivals, double service)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(arrivals);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(service);
        _load = arrivals * service;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(_load, 1, nameof(arrivals));
        _service = service;
        _decay = Fill();
    }

    /// <summary>Mean wait in seconds: half that of M/M/1 (Pollaczek 1930, Khinchin 1932).</summary>
    public double Mean => _load * _service / (2 * (1 - _load));

    /// <summary>Share of arrivals that wait at most so many seconds.</summary>
    public double AtMost(double seconds)
    {
        if (seconds < 0)
        {
            return 0;
        }

        var k = (int)Math.Min(int.MaxValue / 2, Math.Floor(seconds / _service)) + 1;
        var x = _load * (k - (seconds / _service));
        var term = Math.Exp(-x);
        var sum = 0.0;
        for (var j = 0; j < k && term > 1e-18; j++)
        {
            // Q of Franx counts those who wait: one more is being served.
            sum += LengthAtMost(k - j) * term;
            term *= x / (j + 1);
        }

        return Math.Min(1, sum);
    }

    /// <summary>Share of time with at most <paramref name="length"/> in the system, the one served among them.</summary>
    public double LengthAtMost(int length) =>
        length < _atMost.Count ? _atMost[length] : 1 - ((1 - _atMost[^1]) * Math.Pow(_decay, length - _atMost.Count + 1));

    private double Fill()
    {
        // Chances of at least k arrivals during one service.
        var atLeast = new double[MaxLength + 2];
        var a = Math.Exp(-_load);
        var none = a;
        var sum = 0.0;
        for (var k = 0; k < atLeast.Length; k++)
        {
            atLeast[k] = Math.Max(0, 1 - sum);
            sum += a;
            a *= _load / (k + 1);
        }

        var p = new List<double> { 1 - _load };
        _atMost.Add(p[0]);
        while (p.Count <= MaxLength && 1 - _atMost[^1] > 1e-12)
        {
            var i = p.Count;
            var x = p[0] * atLeast[i];
            for (var j = Math.Max(1, i - 60); j < i; j++)
            {
                x += p[j] * atLeast[i + 1 - j];
            }

            p.Add(x / none);
            _atMost.Add(Math.Min(1, _atMost[^1] + p[^1]));
        }

        return p.Count > 2 && p[^2] > 0 ? Math.Min(p[^1] / p[^2], 1 - 1e-12) : 0;
    }
}
