namespace Strowger.Features.Planning;

/// <summary>Waits where many serve at once, and quantiles of any distribution.</summary>
public static class Queueing
{
    /// <summary>Share of arrivals that find all <paramref name="servers"/> busy: Erlang's C formula of 1917, by the recursion of his B formula.</summary>
    /// <param name="load">Arrivals a second × seconds each, under <paramref name="servers"/>.</param>
    /// <param name="servers">1 or more.</param>
    public static double ErlangC(double load, int servers)
    {
        var b = 1.0;
        for (var n = 1; n <= servers; n++)
        {
            b = load * b / (n + (load * b));
        }

        return servers * b / (servers - (load * (1 - b)));
    }

    /// <summary>
    /// Mean wait of M/D/c in seconds, after Cosmetatos (Management Science 22, 1975): within 2 % of the tables; exact for one server.
    /// </summary>
    public static double MeanWaitMdc(double arrivals, double service, int servers)
    {
        var load = arrivals * service;
        var use = load / servers;
        var exponential = ErlangC(load, servers) * service / (servers * (1 - use));
        var bend = (1 - use) * (servers - 1) * (Math.Sqrt(4 + (5.0 * servers)) - 2) / (16 * use * servers);
        return exponential / 2 * (1 + Math.Min(bend, 1));
    }

    /// <summary>The smallest time, at most <paramref name="most"/>, of which <paramref name="share"/> of all wait no more.</summary>
    public static double Quantile(Func<double, double> atMost, double share, double most)
    {
        ArgumentNullException.ThrowIfNull(atMost);
        if (atMost(0) >= share)
        {
            return 0;
        }

        double low = 0, high = most;
        for (var i = 0; i < 60 && high - low > 1e-7; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = atMost(middle) >= share ? (low, middle) : (middle, high);
        }

        return high;
    }
}
