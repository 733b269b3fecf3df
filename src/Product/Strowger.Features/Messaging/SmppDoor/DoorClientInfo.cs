namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>One bind of a client, for operators.</summary>
/// <param name="Mode">transmitter, receiver or transceiver.</param>
/// <param name="Remote">Address and port.</param>
/// <param name="Since">When it bound.</param>
/// <param name="Version">interface_version as given.</param>
/// <param name="Tls">Its version; null in the clear.</param>
/// <param name="Unanswered">submit_sm waiting for our answer.</param>
/// <param name="Delivering">deliver_sm waiting for its answer.</param>
public sealed record DoorBindInfo(string Mode, string Remote, DateTimeOffset Since, byte Version, string? Tls, int Unanswered, int Delivering);

/// <summary>A client as it stands. Totals count from the start of the server.</summary>
/// <param name="Settings">As they count now.</param>
/// <param name="Binds">Those it has.</param>
/// <param name="RateUsed">Parts a second over the last seconds.</param>
/// <param name="Accepted">submit_sm accepted.</param>
/// <param name="Refused">Refused, whatever for.</param>
/// <param name="Throttled">Of these, over rate or window.</param>
/// <param name="Waiting">Receipts and incoming texts not delivered yet.</param>
/// <param name="Delivering">Of these, on their way.</param>
/// <param name="Delivered">Receipts and incoming texts that it has taken.</param>
/// <param name="Dropped">Not queued, because too many waited.</param>
/// <param name="LastRefusal">The newest bind or text refused; null when there is none.</param>
public sealed record DoorClientInfo(
    DoorClientSettings Settings, IReadOnlyList<DoorBindInfo> Binds, double RateUsed, long Accepted, long Refused, long Throttled,
    long Waiting, int Delivering, long Delivered, long Dropped, DoorRefusal? LastRefusal);
