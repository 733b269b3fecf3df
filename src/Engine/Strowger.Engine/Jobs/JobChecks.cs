using Strowger.Engine.Events;

namespace Strowger.Engine;

internal static class JobChecks
{
    public static void Throw(in NewJob job)
    {
        if (job.Flow.Target is null)
        {
            throw new ArgumentException("A job names its flow.", nameof(job));
        }

        if (job.Body.Length > EngineLimits.MaxBodyBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(job), job.Body.Length, $"A body has at most {EngineLimits.MaxBodyBytes} octets.");
        }

        if (job.Headers.Length > EngineLimits.MaxHeaderBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(job), job.Headers.Length, $"Headers have at most {EngineLimits.MaxHeaderBytes} octets.");
        }

        if (job.Parts is < 0 or > EngineLimits.MaxParts)
        {
            throw new ArgumentOutOfRangeException(nameof(job), job.Parts, $"A job has 1 to {EngineLimits.MaxParts} parts.");
        }

        if (job.MaxAttempts is < 0 or > byte.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(job), job.MaxAttempts, $"A job has 1 to {byte.MaxValue} attempts.");
        }

        if (job.Cost is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(job), job.Cost, $"A cost is 1 to {ushort.MaxValue}.");
        }
    }

    /// <summary>All but the flow's number and the first id, which are stamped under the lock.</summary>
    public static EnqueueRecord RecordOf(in NewJob job) => new()
    {
        Lane = (byte)job.Flow.Lane,
        Parts = (byte)Math.Max(1, job.Parts),
        Cost = (ushort)Math.Max(1, job.Cost),
        DueMs = job.DueMs,
        ExpiresAt = job.ExpiresMs <= 0 ? 0 : (uint)Math.Min(uint.MaxValue, (job.ExpiresMs + 999) / 1000),
        UniqueKey = job.UniqueKey,
        UniqueContent = job.UniqueContent,
        MaxAttempts = (byte)job.MaxAttempts,
        Headers = job.Headers,
        Body = job.Body,
    };
}
