namespace Strowger.Records.Receipts;

/// <summary>Leads from a carrier's message id back to the part it belongs to.</summary>
/// <param name="Hash">64-bit hash of carrier and message id. Different ids may share one: the caller checks destination and time.</param>
/// <param name="Job">The part's job.</param>
/// <param name="Destination">E.164 digits as a number.</param>
/// <param name="Minute">Minutes since 1970 of the carrier's answer; its UTC day names the file.</param>
public readonly record struct ReceiptEntry(ulong Hash, long Job, ulong Destination, int Minute)
{
    internal int Day => (int)Math.Floor(Minute / (24 * 60.0));
}
