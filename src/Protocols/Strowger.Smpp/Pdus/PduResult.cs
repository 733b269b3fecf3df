namespace Strowger.Smpp;

/// <summary>The three answers of every decoder.</summary>
public enum PduResult
{
    /// <summary>One whole PDU was read.</summary>
    Done,

    /// <summary>The buffer ends inside a PDU.</summary>
    NeedMore,

    /// <summary>What stands at the start of the buffer cannot be a PDU.</summary>
    Invalid,
}
