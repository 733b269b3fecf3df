using Strowger.Engine;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Jobs;

/// <summary>Why the engine takes no job now.</summary>
internal static class EnqueueProblems
{
    public static Problem Of(EnqueueStatus status, string queue) => status switch
    {
        EnqueueStatus.QueueFull => Problem.Of("queue_full", $"The queue {queue} is full. Wait until some are done, or raise its bound.") with { RetryAfter = TimeSpan.FromSeconds(5) },
        EnqueueStatus.StorageFull => Problem.Of("storage_full", "The disk is full: what was accepted is safe, nothing new is taken until there is room.") with { RetryAfter = TimeSpan.FromSeconds(30) },
        EnqueueStatus.Stopping => Problem.Of("stopping", "The server is stopping. Send it again in a moment.") with { RetryAfter = TimeSpan.FromSeconds(5) },
        EnqueueStatus.InProgress => Problem.Of("in_progress", "The first request with this key is still on its way to disk. Try again in a moment.") with { RetryAfter = TimeSpan.FromSeconds(1) },
        _ => Problem.Of("idempotency_key_reused", "This Idempotency-Key was used with another body. Use a new key for a new request."),
    };
}
