using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>What became of a job in hand, as its holder says it.</summary>
/// <param name="Id">The job.</param>
/// <param name="Lease">As it came with the job.</param>
/// <param name="Outcome">Done, Retry or Permanent.</param>
/// <param name="Data">A result or an error, at most <see cref="JobLimits.MaxResultBytes"/> octets.</param>
public readonly record struct JobReport(JobId Id, string Lease, Outcome Outcome, ReadOnlyMemory<byte> Data);
