namespace Strowger.Load;

/// <summary>What a run of <c>strowger bench</c> measures, and with which program.</summary>
public sealed record LoadOptions
{
    /// <summary>The file to start for further processes of this program, with <see cref="ProgramArguments"/> in front of their own.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> ProgramArguments { get; init; } = [];

    /// <summary>Names of measurements; empty is all but the soak and the fuzzing.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>A tenth of the size, and without what takes minutes.</summary>
    public bool Quick { get; init; }

    /// <summary>JSON on <see cref="Output"/> instead of a table.</summary>
    public bool Json { get; init; }

    /// <summary>The disk to measure: a directory of our own is made in it and removed again.</summary>
    public required string Directory { get; init; }

    /// <summary>How long the soak runs; zero is not at all.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Inputs for each fuzzed reader; zero is none.</summary>
    public long Fuzz { get; init; }

    public required TextWriter Output { get; init; }

    /// <summary>Told each row as it is measured.</summary>
    public required TextWriter Progress { get; init; }

    public int Scale(int whole) => Quick ? whole / 10 : whole;
}
