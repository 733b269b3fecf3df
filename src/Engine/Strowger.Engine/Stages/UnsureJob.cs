namespace Strowger.Engine;

/// <summary>A job of which nobody knows whether it was done.</summary>
public readonly record struct UnsureJob(JobId Id, long BodyPosition);
