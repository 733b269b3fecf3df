using System.Net;
using Strowger.Features.Messaging;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>A program or gateway that may bind. Checked by whoever makes it.</summary>
public sealed record DoorClientSettings
{
    /// <summary>1 to 15 of a-z, A-Z, 0-9, <c>-</c>, <c>_</c>, <c>.</c></summary>
    public required string SystemId { get; init; }

    /// <summary>1 to 64 octets; null when only <see cref="PasswordHash"/> is known.</summary>
    public string? Password { get; init; }

    /// <summary>As <see cref="Access.ProgramSecrets.HashAsync"/> makes it; null when only <see cref="Password"/> is known.</summary>
    public string? PasswordHash { get; init; }

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

    /// <summary>Whether somebody who knows the other's password knows this one, as far as it can be told without hashing.</summary>
    public bool HasPasswordOf(DoorClientSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Password is not null && Password == other.Password) || (PasswordHash is not null && PasswordHash == other.PasswordHash);
    }

    /// <summary>Why it cannot be there beside these; null when it can.</summary>
    public RequestError? ProblemBeside(IReadOnlyCollection<DoorClientSettings> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (others.Count >= DoorLimits.MaxClients)
        {
            return new RequestError(422, "invalid_value", "system_id", $"system_id: there are {DoorLimits.MaxClients} clients already; remove one first.");
        }

        foreach (var number in Numbers)
        {
            if (others.FirstOrDefault(other => other.Numbers.Contains(number)) is { } owner)
            {
                return new RequestError(422, "invalid_value", "numbers", $"numbers: {number} is {owner.SystemId}'s; incoming texts to a number go to one client.");
            }
        }

        return null;
    }

    /// <summary>Without the password, which must reach no log.</summary>
    public override string ToString() => SystemId;
}
