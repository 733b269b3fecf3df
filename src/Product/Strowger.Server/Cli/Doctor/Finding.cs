using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Doctor;

internal enum Verdict
{
    Good,

    /// <summary>It works; something could be better.</summary>
    Doubtful,

    /// <summary>It does not work.</summary>
    Wrong,
}

/// <param name="What">What was looked at.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do; null when it is good.</param>
internal sealed record Finding(string What, Verdict Verdict, string Detail, string? Advice = null)
{
    /// <summary>What to do; null when it is good. No other finding is without.</summary>
    public string? Advice { get; } = Verdict == Verdict.Good || !string.IsNullOrEmpty(Advice)
        ? Advice
        : throw new ArgumentException("A finding says what to do.", nameof(Advice));

    public JsonObject ToJson() => new()
    {
        ["what"] = What,
        ["verdict"] = Verdict.ToString().ToLowerInvariant(),
        ["detail"] = Detail,
        ["advice"] = Advice,
    };
}
