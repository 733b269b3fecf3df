namespace Strowger.Smpp;

/// <summary>Sizes in octets. C-octet strings include their NUL (SMPP 3.4 section 5.2).</summary>
public static class SmppLimits
{
    public const int HeaderBytes = 16;

    /// <summary>The largest PDU taken unless configured: room for any message_payload seen in practice.</summary>
    public const int DefaultMaxPduBytes = 64 * 1024;

    public const int SystemIdBytes = 16;
    public const int PasswordBytes = 9;
    public const int SystemTypeBytes = 13;
    public const int AddressRangeBytes = 41;
    public const int ServiceTypeBytes = 6;
    public const int AddressBytes = 21;

    /// <summary>Addresses of data_sm and alert_notification (section 4.7.1).</summary>
    public const int LongAddressBytes = 65;
    public const int MessageIdBytes = 65;
    public const int TimeBytes = 17;
    public const int ShortMessageBytes = 254;
    public const int DistributionListBytes = 21;
    public const int MaxDestinations = 254;

    /// <summary>Taken in bind fields beyond the standard: carriers hand out passwords longer than 8.</summary>
    public const int LenientCredentialBytes = 65;

    /// <summary>Taken for ids and addresses that a carrier sends us, beyond the standard.</summary>
    public const int LenientFieldBytes = 256;

    public const uint FirstSequence = 1;
    public const uint LastSequence = 0x7FFFFFFF;
}
