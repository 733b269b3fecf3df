namespace Strowger.Engine;

/// <summary>A limit as it stands now.</summary>
/// <param name="Options">As it was set.</param>
/// <param name="Buckets">Its one bucket; where each key has its own, those with most used, then most waiting.</param>
/// <param name="Tracked">Buckets there are.</param>
public sealed record LimitInfo(LimitOptions Options, IReadOnlyList<LimitBucketInfo> Buckets, int Tracked);

/// <summary>One bucket.</summary>
/// <param name="Key">Whose; empty where keys share it.</param>
/// <param name="Used">Cost handed out in its day; 0 without a count by day.</param>
/// <param name="ResetsMs">When its day ends, Unix milliseconds; 0 without a count by day.</param>
/// <param name="Waiting">Cost of what is ready and counts against it.</param>
public readonly record struct LimitBucketInfo(string Key, long Used, long ResetsMs, long Waiting);
