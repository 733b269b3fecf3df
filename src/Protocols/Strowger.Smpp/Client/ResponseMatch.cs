namespace Strowger.Smpp;

/// <summary>One response of a receive batch and the request it answers.</summary>
internal struct ResponseMatch
{
    public uint CommandId;
    public uint Sequence;
    public uint Status;

    /// <summary>Where its body stands in the receive buffer.</summary>
    public int BodyAt;
    public int BodyLength;

    public bool Found;
    public bool Late;
    public long Tag;
    public object? Waiter;
}
