namespace Strowger.Smpp.Receipts;

/// <summary>What a carrier does to a message id between submit_sm_resp and the receipt, seen from the receipt: how its id is rewritten to find the one stored.</summary>
public enum IdForm : byte
{
    /// <summary>Nothing: the ids are the same octets.</summary>
    AsIs = 0,

    /// <summary>Another case.</summary>
    UpperCase = 1,

    /// <summary>Leading zeros dropped or added (and perhaps another case).</summary>
    NoLeadingZeros = 2,

    /// <summary>The receipt's id is hex, the stored one decimal.</summary>
    HexToDecimal = 3,

    /// <summary>The receipt's id is decimal, the stored one hex: the commonest, 3.3 ids in a 3.4 receipt.</summary>
    DecimalToHex = 4,
}
