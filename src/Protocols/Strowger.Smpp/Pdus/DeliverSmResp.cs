namespace Strowger.Smpp;

/// <summary>deliver_sm_resp, SMPP 3.4 section 4.6.2: message_id 1, unused and always NUL.</summary>
public static class DeliverSmResp
{
    public const int EncodedLength = SmppLimits.HeaderBytes + 1;

    /// <summary>Returns 17, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint status, uint sequence)
    {
        if (destination.Length < EncodedLength)
        {
            return 0;
        }

        new PduHeader(EncodedLength, CommandId.DeliverSmResp, status, sequence).Write(destination);
        destination[SmppLimits.HeaderBytes] = 0;
        return EncodedLength;
    }
}
