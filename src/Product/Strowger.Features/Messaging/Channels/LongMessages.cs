namespace Strowger.Features.Messaging.Channels;

/// <summary>How a carrier is given a text that is longer than one short message.</summary>
public enum LongMessages
{
    /// <summary>In parts, each with a user data header (3GPP 23.040, 9.2.3.24.1).</summary>
    Udh,

    /// <summary>In parts, told by sar_msg_ref_num, sar_total_segments and sar_segment_seqnum (SMPP 3.4, 5.3.2.22 to 24).</summary>
    Sar,

    /// <summary>In one submit_sm with message_payload (SMPP 3.4, 5.3.2.32); the carrier divides it.</summary>
    Payload,
}
