namespace Strowger.Features.Planning;

/// <summary>Figures of one way to compute them. Seconds; null = there is no such thing, or it grows without end.</summary>
public sealed record PlanFigures
{
    /// <summary>From the first acceptance until the carrier has answered for the last one.</summary>
    public double? LastSeconds { get; init; }

    public double? CampaignP50 { get; init; }

    public double? CampaignP99 { get; init; }

    /// <summary>Wait of the campaign's last one; simulated only.</summary>
    public double? LongestWait { get; init; }

    public double? CodesP50 { get; init; }

    public double? CodesP99 { get; init; }

    /// <summary>Share of each channel's contract that is used while the campaign runs; of an unlimited one, of its windows.</summary>
    public IReadOnlyList<double> Utilisation { get; init; } = [];
}

/// <summary>How the simulation was run.</summary>
/// <param name="Seed">The same seed and input give the same figures.</param>
/// <param name="Parts">Of the campaign and what waited before it.</param>
/// <param name="Codes">Beside them.</param>
/// <param name="Scale">One in so many was simulated; waits of the campaign are multiplied by it.</param>
public sealed record SimulationRun(int Seed, long Parts, long Codes, double Scale);

/// <summary>What would be enough that nobody waits longer than the limit.</summary>
/// <param name="Rate">Parts a second of the contract.</param>
/// <param name="Binds">Of the first channel's window and latency; over 64 means more than one channel.</param>
/// <param name="Window">Parts in flight a bind.</param>
/// <param name="LongestSeconds">Wait of the last one then, simulated over the real code; null where that is more binds than a channel has.</param>
public sealed record PlanSize(double Rate, int Binds, int Window, double? LongestSeconds);

/// <summary>The whole answer.</summary>
public sealed record PlanReport(PlanInput Input, PlanFigures Closed, PlanFigures Simulated, SimulationRun Run, PlanSize? Enough)
{
    /// <summary>Parts a second that the channels take together.</summary>
    public double Capacity { get; init; }

    /// <summary>False when codes come faster than they can leave.</summary>
    public bool CodesAreCarried { get; init; }

    public decimal? Cost => Input.Price is { } price && Input.Parts < 1e15 ? price * (decimal)Input.Parts : null;

    /// <summary>False of a report by formula only: its simulated figures are those of the formula.</summary>
    public bool IsSimulated => Run.Parts + Run.Codes > 0;
}
