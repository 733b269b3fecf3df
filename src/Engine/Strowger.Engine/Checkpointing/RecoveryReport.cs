namespace Strowger.Engine;

/// <summary>What a start found: live jobs, those of them that were in hand when the last run ended, and records replayed.</summary>
public sealed record RecoveryReport(long Live, long Unsure, long Replayed, TimeSpan Took);
