using System.Text;
using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A job in hand, for whoever does it.</summary>
public sealed record LeasedJob(
    JobId Id,
    string Lease,
    long UntilMs,
    int Attempt,
    int MaxAttempts,
    Lane Lane,
    string Flow,
    long EnqueuedMs,
    long ExpiresMs,
    bool IsOctets,
    ReadOnlyMemory<byte> Body,
    ReadOnlyMemory<byte> Headers)
{
    internal static LeasedJob Of(in Lease lease, in EngineEvent accepted, in JobEnvelope envelope, int maxAttempts) => new(
        lease.Id,
        LeaseToken.Of(lease.Token),
        lease.UntilMs,
        lease.Attempt,
        accepted.MaxAttempts > 0 ? accepted.MaxAttempts : maxAttempts,
        lease.Lane,
        Encoding.UTF8.GetString(envelope.Flow),
        accepted.TimeMs,
        accepted.ExpiresMs,
        envelope.IsOctets,
        accepted.Data.ToArray(),
        envelope.Headers.ToArray());
}
