namespace Strowger.Server.Configuration;

/// <summary>One mistake in the configuration.</summary>
/// <param name="Key">Where it belongs, such as <c>Channels:0:Rate</c>.</param>
/// <param name="Source">Where it was found: a file with its line, an environment variable, an option.</param>
/// <param name="Found">What was found; null when something is missing. Never a password.</param>
/// <param name="Allowed">What is allowed, or what to do.</param>
public sealed record ConfigurationProblem(string Key, string Source, string? Found, string Allowed)
{
    public override string ToString() => Found is null
        ? $"{Key} ({Source}): {Allowed}"
        : $"{Key} ({Source}): found {Found}; {Allowed}";
}
