namespace Strowger.Records.Receipts;

/// <summary>What went over a channel in one minute, and what came back.</summary>
/// <param name="Channel">By name.</param>
/// <param name="Number">Minutes since 1970.</param>
/// <param name="Sent">Parts handed over.</param>
/// <param name="Receipts">Of any state.</param>
/// <param name="Delivered">Receipts that say so.</param>
/// <param name="Final">Receipts that say delivered or undelivered.</param>
public readonly record struct ReceiptMinute(string Channel, long Number, long Sent, long Receipts, long Delivered, long Final);
