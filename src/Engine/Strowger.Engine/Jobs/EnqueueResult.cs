namespace Strowger.Engine;

public enum EnqueueStatus : byte
{
    Accepted = 0,

    /// <summary>The unique key is taken by the same content: <see cref="EnqueueResult.Id"/> is the first job.</summary>
    Repeated,

    /// <summary>The unique key is taken by other content.</summary>
    KeyReused,

    /// <summary>The first job with this key is not durable yet.</summary>
    InProgress,

    QueueFull,

    /// <summary>The disk is full: what was accepted is kept, nothing new is taken.</summary>
    StorageFull,

    /// <summary>The engine is stopping.</summary>
    Stopping,
}

/// <summary>What became of an enqueue; <paramref name="Id"/> is the first part's.</summary>
public readonly record struct EnqueueResult(EnqueueStatus Status, JobId Id)
{
    public bool IsAccepted => Status is EnqueueStatus.Accepted or EnqueueStatus.Repeated;
}
