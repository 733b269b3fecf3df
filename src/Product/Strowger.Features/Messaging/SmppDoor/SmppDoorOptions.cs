using System.Net;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>Where the door is and who may enter.</summary>
public sealed record SmppDoorOptions
{
    /// <summary>Port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>TLS for everybody; null: in the clear.</summary>
    public SmppServerTls? Tls { get; init; }

    /// <summary>Those there are at the start: at most <see cref="DoorLimits.MaxClients"/>, each with a SystemId of its own.</summary>
    public required IReadOnlyList<DoorClientSettings> Clients { get; init; }
}
