namespace Strowger.Features.Jobs;

/// <summary>Why something asked of jobs is refused.</summary>
/// <param name="Code">Stable; of the catalogue.</param>
/// <param name="Field">The field to blame, null when it is the whole.</param>
/// <param name="Detail">What was found and what is allowed.</param>
public sealed record JobProblem(string Code, string? Field, string Detail)
{
    /// <summary>When to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static JobProblem Of(string field, string code, string detail) => new(code, field, detail);
}
