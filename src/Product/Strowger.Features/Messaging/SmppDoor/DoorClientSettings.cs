using System.Net;
using Strowger.Features.Messaging;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>A program or gateway that may bind. Checked by whoever makes it.</summary>
public sealed record DoorClientSettings
{
    /// <summary>1 to 15 of a-z, A-Z, 0-9, <c>-</c>, <c>_</c>, <c>.</c></summary>
    public required string SystemId { get; init; }

    /// <summary>1 to 64 octets.</summary>
    public required string Password { get; init; }

    /// <summary>Binds at once, 1 to <see cref="DoorLimits.MaxBinds"/>.</summary>
    public int Binds { get; init; } = 4;

    /// <summary>Parts a second over all binds, with a second's worth at once; null = unlimited.</summary>
    public double? Rate { get; init; }

    /// <summary>submit_sm a bind may have unanswered, 1 to <see cref="DoorLimits.MaxWindow"/>.</summary>
    public int Window { get; init; } = DoorLimits.MaxWindow;

    /// <summary>Where it may come from; empty = anywhere.</summary>
    public IReadOnlyList<IPNetwork> Allow { get; init; } = [];

    /// <summary>The channel its texts go by; null = by their number.</summary>
    public string? Channel { get; init; }

    /// <summary>The lane of texts with priority_flag 0.</summary>
    public MessagePriority Priority { get; init; } = MessagePriority.Normal;

    /// <summary>Incoming texts to numbers that begin with one of these are delivered to it.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>Without the password, which must reach no log.</summary>
    public override string ToString() => SystemId;
}
