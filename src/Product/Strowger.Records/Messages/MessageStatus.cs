namespace Strowger.Records.Messages;

/// <summary>
/// A message's status as lists show it. The numbers are kept on disk; none is 0 or 1, which SQLite stores in no byte at all:
/// a row must not change its length when its status changes, or its page would be split.
/// </summary>
public enum MessageStatus : byte
{
    Scheduled = 2,
    Queued = 3,
    Sending = 4,

    /// <summary>The carrier took it; ENROUTE, ACCEPTD and BUFFRED stay here.</summary>
    Sent = 5,
    Delivered = 6,

    /// <summary>UNDELIV, EXPIRED, DELETED or REJECTD by the carrier.</summary>
    Undelivered = 7,

    /// <summary>Refused for good at hand-over.</summary>
    Failed = 8,

    /// <summary>Its time was over before hand-over.</summary>
    Expired = 9,
    Cancelled = 10,

    /// <summary>Held as unsure, the carrier's UNKNOWN, or no final receipt in time.</summary>
    Unknown = 11,
}

/// <summary>The words of the API.</summary>
public static class MessageStatusText
{
    private static readonly string[] Words =
        ["", "", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "expired", "cancelled", "unknown"];

    public static IReadOnlyList<string> All { get; } = Words[2..];

    public static string ToText(this MessageStatus status) => Words[(int)status];

    public static bool TryParse(string text, out MessageStatus status)
    {
        var index = Array.IndexOf(Words, text, 2);
        status = index < 0 ? default : (MessageStatus)index;
        return index >= 0;
    }
}
