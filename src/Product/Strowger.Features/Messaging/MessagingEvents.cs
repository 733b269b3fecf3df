namespace Strowger.Features.Messaging;

/// <summary>This feature's kinds of facts in the event log. Numbers are part of the journal's format.</summary>
public static class MessagingEvents
{
    /// <summary>A delivery receipt for a part: <see cref="Receipts.ReceiptData"/>.</summary>
    public const int Receipt = 1;

    /// <summary>A receipt whose part is not known (yet): <see cref="Receipts.ReceiptData"/>.</summary>
    public const int ParkedReceipt = 2;

    /// <summary>A text came in: <see cref="Inbound.InboundText"/>.</summary>
    public const int Inbound = 3;
}

/// <summary>This feature's reasons, beside the carriers' command_status (0 to 0xFFFF) and the engine's (below 0).</summary>
public static class MessagingCodes
{
    /// <summary>The body in the journal is damaged or of a newer program.</summary>
    public const int UnreadableBody = 0x10001;

    /// <summary>The channel's settings no longer allow this message's encoding or parts.</summary>
    public const int NotEncodable = 0x10002;

    /// <summary>No answer within the response timer.</summary>
    public const int NoAnswer = 0x10003;

    /// <summary>The connection ended with the part on the wire.</summary>
    public const int ConnectionLost = 0x10004;

    /// <summary>The bind had no room after all.</summary>
    public const int NotWritten = 0x10005;

    /// <summary>Its user cancelled it.</summary>
    public const int CancelledByUser = 0x10006;

    /// <summary>No PDU of the standard can hold it; the entry's data says why, in UTF-8.</summary>
    public const int NotSendable = 0x10007;
}
