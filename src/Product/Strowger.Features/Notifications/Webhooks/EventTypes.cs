using Strowger.Records.Messages;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Types of events that are posted.</summary>
public static class EventTypes
{
    public const string All = "*";
    public const string InboundReceived = "inbound.received";
    public const string AlarmRaised = "alarm.raised";
    public const string AlarmAcknowledged = "alarm.acknowledged";
    public const string AlarmCleared = "alarm.cleared";
    public const string Test = "webhook.test";

    public static IReadOnlyList<string> Known { get; } =
    [
        "message.sent", "message.delivered", "message.undelivered", "message.failed", "message.expired", "message.cancelled", "message.unknown",
        InboundReceived, AlarmRaised, AlarmAcknowledged, AlarmCleared,
    ];

    /// <summary>Whether an address may name this: a type, all of a kind (<c>message.*</c>) or all.</summary>
    public static bool IsPattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text == All || Known.Contains(text) || (text.EndsWith(".*", StringComparison.Ordinal) && Known.Any(type => Matches(text, type)));
    }

    public static bool Matches(string pattern, string type)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(type);
        return pattern == All || pattern == type
            || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal));
    }

    /// <summary>Null for those that are not told of.</summary>
    internal static string? Of(MessageStatus status) => status switch
    {
        MessageStatus.Sent => "message.sent",
        MessageStatus.Delivered => "message.delivered",
        MessageStatus.Undelivered => "message.undelivered",
        MessageStatus.Failed => "message.failed",
        MessageStatus.Expired => "message.expired",
        MessageStatus.Cancelled => "message.cancelled",
        MessageStatus.Unknown => "message.unknown",
        _ => null,
    };
}
