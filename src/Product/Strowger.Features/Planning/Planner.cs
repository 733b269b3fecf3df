namespace Strowger.Features.Planning;

/// <summary>Answers a plan both ways, and what would be enough.</summary>
public static class Planner
{
    private const int MaxBinds = 64;
    private const double MaxRate = 10_000_000;

    /// <summary>Plans what <see cref="PlanInput.Problem"/> finds nothing wrong with.</summary>
    /// <exception cref="IOException">The directory for temporary files takes nothing.</exception>
    public static async Task<PlanReport> PlanAsync(PlanInput input, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        var formula = new ClosedForm(input);
        var (simulated, run) = await Simulation.RunAsync(input, cancel).ConfigureAwait(false);
        return new PlanReport(input, formula.Figures(), simulated, run, await EnoughAsync(input, cancel).ConfigureAwait(false))
        {
            Capacity = formula.Capacity,
            CodesAreCarried = formula.CodesAreCarried,
        };
    }

    /// <summary>
    /// The rate at which the last of the campaign has waited just as long as the limit, the codes on top; and as many binds as keep it in
    /// flight (Little 1961: in flight = rate × latency).
    /// </summary>
    private static async Task<PlanSize?> EnoughAsync(PlanInput input, CancellationToken cancel)
    {
        if (input.Parts <= 0)
        {
            return null;
        }

        var limit = input.Limit.TotalSeconds;
        var parts = input.Parts + input.Backlog;
        var arrival = input.PartsPerSecond is { } rate ? 1 / rate : 0;
        var lasts = limit + (input.Parts * arrival);

        // Codes come by chance: three standard deviations more of them than the mean are allowed for.
        var paced = ((parts + (3 * Math.Sqrt(input.CodesPerSecond * lasts))) / lasts) + input.CodesPerSecond;
        var contract = RoundUp(paced / PlanChannel.Pace);
        var first = input.Channels[0];
        var binds = 1L;
        while ((first with { Rate = null, Binds = (int)Math.Min(binds, int.MaxValue / first.Window) }).ByWindow < paced && binds < 1_000_000)
        {
            binds++;
        }

        double? longest = null;
        if (binds <= MaxBinds && contract <= MaxRate)
        {
            var enough = input with { Channels = [first with { Rate = contract, Binds = (int)binds }] };
            var (figures, _) = await Simulation.RunAsync(enough, cancel).ConfigureAwait(false);
            longest = figures.LongestWait;
        }

        return new PlanSize(contract, (int)binds, first.Window, longest);
    }

    /// <summary>To three digits, upwards: contracts are not made out in fractions.</summary>
    private static double RoundUp(double rate)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 2);
        return unit >= 1 ? Math.Ceiling(rate / unit) * unit : Math.Ceiling(rate * 100) / 100;
    }
}
