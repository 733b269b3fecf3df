using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A job as somebody asks for it, checked.</summary>
public sealed record JobRequest
{
    /// <summary>JSON as it came, or octets.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public bool IsOctets { get; init; }

    public Lane Lane { get; init; } = Lane.Normal;

    /// <summary>Jobs of a flow go in order; flows take turns.</summary>
    public string Flow { get; init; } = string.Empty;

    /// <summary>Unix milliseconds; 0 = at once.</summary>
    public long DueMs { get; init; }

    /// <summary>Unix milliseconds; 0 = never.</summary>
    public long ExpiresMs { get; init; }

    /// <summary>1 to 255; 0 = by the queue.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>While it is kept no second job of the queue has it.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>A JSON object, or nothing.</summary>
    public ReadOnlyMemory<byte> Headers { get; init; }
}
