namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>Bounds of the SMPP door, each with the reason for its number.</summary>
public static class DoorLimits
{
    /// <summary>Programs and gateways, not people.</summary>
    public const int MaxClients = 1000;

    /// <summary>Binds of one client at most: each is a connection with its buffers.</summary>
    public const int MaxBinds = 64;

    /// <summary>Connections beside those of bound clients: some are about to bind, others never will.</summary>
    public const int SpareConnections = 100;

    /// <summary>submit_sm of one bind waiting for their answer, which comes with the next write to disk.</summary>
    public const int MaxWindow = 1000;

    /// <summary>Prefixes of numbers whose incoming texts one client gets.</summary>
    public const int MaxNumbers = 1000;

    /// <summary>deliver_sm of ours waiting for one bind's answer.</summary>
    public const int DeliverWindow = 50;

    /// <summary>Receipts and incoming texts that wait for one client: some 60 MB of memory. Further ones are dropped and counted.</summary>
    public const long MaxWaiting = 1_000_000;

    /// <summary>Deliveries leased in one go.</summary>
    public const int MaxLeases = 64;

    /// <summary>Messages of which it is known that they were told of, so that a carrier's second receipt is not told again.</summary>
    public const int MaxTold = 100_000;

    /// <summary>Octets of short_message; more go as message_payload.</summary>
    public const int MaxShortMessage = 254;

    /// <summary>A receipt or an incoming text waits so long for its client.</summary>
    public static readonly TimeSpan DeliverLife = TimeSpan.FromHours(72);

    /// <summary>Waits between attempts of a delivery that the client answers with an error.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="FirstRetry"/>
    public static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(10);

    /// <summary>What is under way is waited for at a stop.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);
}
