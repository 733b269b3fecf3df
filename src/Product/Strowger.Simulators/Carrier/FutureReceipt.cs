namespace Strowger.Simulators;

/// <summary>A receipt that will be due, with the habits of the carrier at the time of its submit.</summary>
internal sealed record FutureReceipt(
    Account Account,
    long Id,
    ReceiptIdQuirk Quirk,
    byte State,
    ReceiptFormat Format,
    DateTimeOffset Submitted,
    byte[] Source,
    byte[] Destination,
    byte SourceTon,
    byte DestinationTon,
    DeliverCounts Counts);
