namespace Strowger.Simulators;

/// <summary>A deliver_sm that the ESME has not taken yet.</summary>
internal sealed class PendingDeliver
{
    public required byte[] Source { get; init; }
    public required byte[] Destination { get; init; }
    public required byte[] Text { get; init; }
    public byte[] Tlvs { get; init; } = [];
    public byte SourceTon { get; init; }
    public byte DestinationTon { get; init; }
    public byte DataCoding { get; init; }
    public bool IsReceipt { get; init; }

    /// <summary>Where its fate is counted.</summary>
    public required DeliverCounts Counts { get; init; }
    public int Attempts { get; set; }
}
