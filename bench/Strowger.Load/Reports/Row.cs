namespace Strowger.Load.Reports;

/// <summary>One line of the result.</summary>
/// <param name="Name">The measurement it belongs to: what <c>--only</c> takes.</param>
/// <param name="What">What was measured, in words.</param>
/// <param name="Measured">For people.</param>
/// <param name="Target">For people; empty for what is only told.</param>
/// <param name="Ok">Null where nothing is asked.</param>
public sealed record Row(string Name, string What, string Measured, string Target = "", bool? Ok = null)
{
    /// <summary>For programs; each name carries its unit.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures { get; init; } = [];
}
