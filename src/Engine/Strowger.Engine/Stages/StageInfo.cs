namespace Strowger.Engine;

/// <summary>
/// A stage as it stands now. Rates in cost a second; <paramref name="Refused"/> counts what was sent back as too fast,
/// <paramref name="HandedOut"/> what was handed out since the stage was added, by lane (urgent, normal, bulk), second attempts included.
/// </summary>
public sealed record StageInfo(
    string Name,
    int Width,
    int InFlight,
    bool IsPaused,
    double? Rate,
    double? RateEffective,
    double RateUsed,
    long Refused,
    IReadOnlyList<long> Ready,
    IReadOnlyList<long> HandedOut);
