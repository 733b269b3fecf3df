using Strowger.Engine;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>Types of events as clients and people read them.</summary>
public static class EventWords
{
    /// <summary>Of a job that posts or mails.</summary>
    public static string OfPost(in EngineEvent item, string noun) => noun + item.Kind switch
    {
        EntryKind.Accepted => ".queued",
        EntryKind.Leased => ".posting",
        EntryKind.Done => ".posted",
        EntryKind.Dead => ".failed",
        EntryKind.Expired => ".expired",
        _ => ".retry",
    };

    public static string Of(in EngineEvent item) => item.Kind switch
    {
        EntryKind.Accepted => item.DueMs > item.TimeMs ? "message.scheduled" : "message.accepted",
        EntryKind.Leased => "message.sending",
        EntryKind.Done => "message.sent",
        EntryKind.Retry => "message.retry",
        EntryKind.Busy => "message.throttled",
        EntryKind.Unreachable => "message.requeued",
        EntryKind.RouteFault => "message.rerouted",
        EntryKind.Dead => item.Code == EngineCodes.HeldUnsure ? "message.unknown" : "message.failed",
        EntryKind.Unsure => "message.unsure",
        EntryKind.Resend => "message.resent",
        EntryKind.Cancelled => "message.cancelled",
        EntryKind.Expired => "message.expired",
        EntryKind.Event => item.Code switch
        {
            MessagingEvents.Receipt => "message.receipt",
            MessagingEvents.ParkedReceipt => "receipt.parked",
            MessagingEvents.Inbound => "inbound.received",
            _ => JsonFacts.TypeOf(item.Code) ?? "event",
        },
        _ => "event",
    };
}
