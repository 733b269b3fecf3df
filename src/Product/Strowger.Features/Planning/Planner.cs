namespace Strowger.Features.Planning;

/// <summary>Answers a plan both ways, and what would be enough.</summary>
public static class Planner
{
    private const int MaxBinds = 64;
    private const double MaxRate = 10_000_000;

    /// <summary>At once, by formula alone: plans what <see cref="PlanInput.Problem"/> finds nothing wrong with.</summary>
    public static PlanReport ByFormula(PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var formula = new ClosedForm(input);
        var figures = formula.Figures();
        return new PlanReport(input, figures, figures, new SimulationRun(input.Seed, 0, 0, 1), Enough(input))
        {
            Capacity = formula.Capacity,
            CodesAreCarried = formula.CodesAreCarried,
        };
    }

    /// <summary>Both ways: plans what <see cref="PlanInput.Problem"/> finds nothing wrong with.</summary>
    /// <exception cref="IOException">The directory for temporary files takes nothing.</exception>
    public static async Task<PlanReport> PlanAsync(PlanInput input, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        var report = ByFormula(input);
        var (simulated, run) = await Simulation.RunAsync(input, cancel).ConfigureAwait(false);
        return report with { Simulated = simulated, Run = run, Enough = await TriedAsync(input, report.Enough, cancel).ConfigureAwait(false) };
    }

    /// <summary>
    /// The rate at which the last of the campaign has waited just as long as the limit, the codes on top; and as many binds as keep it in
    /// flight (Little 1961: in flight = rate × latency).
    /// </summary>
    public static PlanSize? Enough(PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
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

        return new PlanSize(contract, (int)binds, first.Window, null);
    }

    /// <summary>With the longest wait as the real code has it, where a channel can be so.</summary>
    private static async Task<PlanSize?> TriedAsync(PlanInput input, PlanSize? size, CancellationToken cancel)
    {
        if (size is null || size.Binds > MaxBinds || size.Rate > MaxRate)
        {
            return size;
        }

        var enough = input with { Channels = [input.Channels[0] with { Rate = size.Rate, Binds = size.Binds }] };
        var (figures, _) = await Simulation.RunAsync(enough, cancel).ConfigureAwait(false);
        return size with { LongestSeconds = figures.LongestWait };
    }

    /// <summary>To three digits, upwards: contracts are not made out in fractions.</summary>
    private static double RoundUp(double rate)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 2);
        return unit >= 1 ? Math.Ceiling(rate / unit) * unit : Math.Ceiling(rate * 100) / 100;
    }
}
