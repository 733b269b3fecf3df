namespace Strowger.Smpp;

/// <summary>The bounds and timers that both ends of a connection keep.</summary>
/// <param name="Peer">What the other side is called in reasons: the carrier, the ESME.</param>
/// <param name="ControlReserveBytes">Send buffer that requests of ours may not use, so that answers always find room.</param>
internal sealed record PduConnectionLimits(
    string Peer,
    int MaxPduBytes,
    int SendBufferBytes,
    int ControlReserveBytes,
    int MaxFaults,
    TimeSpan SendStallTimeout,
    TimeSpan EnquireLinkInterval,
    TimeSpan ResponseTimeout);
