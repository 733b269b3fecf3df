namespace Strowger.Records.Webhooks;

/// <summary>Where the delivery of an event stands. Stored by number: never renumber.</summary>
public enum DeliveryState
{
    /// <summary>Waits for its first post.</summary>
    Queued = 0,

    /// <summary>Posted at least once; waits for the next time.</summary>
    Retrying = 1,

    /// <summary>The receiver took it.</summary>
    Delivered = 2,

    /// <summary>Given up.</summary>
    Failed = 3,
}

/// <summary>One event on its way to one address.</summary>
/// <param name="Id">Of its job.</param>
/// <param name="Webhook">The address's id; empty for callbacks and addresses of channels.</param>
/// <param name="EventId">What the receiver sees as <c>webhook-id</c>.</param>
/// <param name="Code">Reason of the last post that failed; 0 none.</param>
/// <param name="NextMs">Unix milliseconds of the next post; 0 none.</param>
public sealed record DeliveryRow(
    long Id,
    string Webhook,
    string Host,
    string Type,
    string Subject,
    string EventId,
    DeliveryState State,
    int Attempts,
    int Code,
    long QueuedMs,
    long LastMs,
    long NextMs);

/// <summary>Which deliveries.</summary>
public sealed record DeliveryFilter
{
    /// <summary>Null: all.</summary>
    public string? Webhook { get; init; }

    /// <summary>Null: all.</summary>
    public DeliveryState? State { get; init; }

    /// <summary>Only those queued at or after this, Unix milliseconds.</summary>
    public long SinceMs { get; init; }

    /// <summary>Only older ones.</summary>
    public long Before { get; init; } = long.MaxValue;

    public int Limit { get; init; } = RecordsLimits.DefaultPage;
}

/// <param name="Rows">Newest first.</param>
/// <param name="NextBefore">Of the page before; null at the end.</param>
public sealed record DeliveryRows(IReadOnlyList<DeliveryRow> Rows, long? NextBefore);
