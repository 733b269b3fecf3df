namespace Strowger.Smpp.Text;

/// <summary>
/// Languages with tables of their own (3GPP 23.038, 6.2.1.2.4). The values are those of the header's elements and are stored in message bodies: never renumber.
/// Those of India and Pakistan (4 to 13) are neither written nor read.
/// </summary>
public enum NationalLanguage : byte
{
    /// <summary>Single shift (A.2.1) and locking shift (A.3.1).</summary>
    Turkish = 1,

    /// <summary>Single shift only (A.2.2).</summary>
    Spanish = 2,

    /// <summary>Single shift (A.2.3) and locking shift (A.3.3).</summary>
    Portuguese = 3,
}
