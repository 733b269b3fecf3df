namespace Strowger.Engine;

/// <summary>A job to enqueue. Its spans are copied before the call returns.</summary>
public readonly ref struct NewJob
{
    public required FlowHandle Flow { get; init; }

    /// <summary>What the stage hands over, at most <see cref="EngineLimits.MaxBodyBytes"/>.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Opaque to the engine, kept beside the body, at most <see cref="EngineLimits.MaxHeaderBytes"/>.</summary>
    public ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>How many jobs share this body, each handed out by itself: 1 to 255; 0 means 1.</summary>
    public int Parts { get; init; }

    /// <summary>What one part counts against rates and limits: 1 to 65,535; 0 means 1.</summary>
    public int Cost { get; init; }

    /// <summary>Unix milliseconds before which it is not handed out; 0 = at once.</summary>
    public long DueMs { get; init; }

    /// <summary>Unix milliseconds after which it is not handed out any more; 0 = never.</summary>
    public long ExpiresMs { get; init; }

    /// <summary>Attempts after which it is given up: 1 to 255; 0 = by its stage.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>A second job with the same key is not accepted while the first one's key is kept; 0 = none.</summary>
    public UInt128 UniqueKey { get; init; }

    /// <summary>Hash of what was asked under the unique key, to tell a repeat from a misuse.</summary>
    public ulong UniqueContent { get; init; }
}
