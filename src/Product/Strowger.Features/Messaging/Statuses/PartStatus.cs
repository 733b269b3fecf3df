using Strowger.Engine;
using Strowger.Features.Messaging.Receipts;
using Strowger.Records.Messages;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>
/// A part's status from its events. The newest final receipt decides, wherever it stands: of a part that was sent twice,
/// the receipt of the first may come before the answer to the second. Without one, the newest event that says anything does.
/// </summary>
internal struct PartFold
{
    private MessageStatus _newest;
    private MessageStatus _receipt;

    /// <summary>0 while nothing is known.</summary>
    public readonly MessageStatus Status => _receipt != 0 ? _receipt : _newest;

    /// <summary>Of a part that is not over.</summary>
    public static PartFold At(MessageStatus status) => new() { _newest = status };

    /// <summary>An event that comes after all that were taken.</summary>
    public void Follow(in EngineEvent item)
    {
        if (PartStatus.Of(item) is var status and not 0)
        {
            _newest = status;
            _receipt = item.Kind == EntryKind.Event ? status : _receipt;
        }
    }

    /// <summary>An event that came before all that were taken.</summary>
    public void Take(in EngineEvent item)
    {
        var status = PartStatus.Of(item);
        _newest = _newest == 0 ? status : _newest;
        _receipt = _receipt == 0 && item.Kind == EntryKind.Event ? status : _receipt;
    }
}

/// <summary>From the engine's events to the words of the API. One table, used by the status by id and by the lists.</summary>
internal static class PartStatus
{
    /// <summary>What an event makes of a part's status; 0 = nothing.</summary>
    public static MessageStatus Of(in EngineEvent item) => item.Kind switch
    {
        EntryKind.Leased => MessageStatus.Sending,
        EntryKind.Done => MessageStatus.Sent,
        EntryKind.Dead => item.Code == EngineCodes.HeldUnsure ? MessageStatus.Unknown : MessageStatus.Failed,
        EntryKind.Cancelled => MessageStatus.Cancelled,
        EntryKind.Expired => MessageStatus.Expired,
        EntryKind.Retry or EntryKind.Busy or EntryKind.Unreachable or EntryKind.RouteFault or EntryKind.Resend => MessageStatus.Queued,
        EntryKind.Event when item.Code == MessagingEvents.Receipt && ReceiptData.TryRead(item.Data, out var receipt) => Of(receipt.State),
        _ => 0,
    };

    /// <summary>What a receipt makes of it; 0 for those that say it is still on its way.</summary>
    public static MessageStatus Of(ReceiptState state) => state switch
    {
        ReceiptState.Delivered => MessageStatus.Delivered,
        ReceiptState.Expired or ReceiptState.Deleted or ReceiptState.Undeliverable or ReceiptState.Rejected
            or ReceiptState.Skipped or ReceiptState.Nack or ReceiptState.Failed => MessageStatus.Undelivered,
        ReceiptState.Unknown => MessageStatus.Unknown,
        _ => 0,
    };

    public static MessageStatus Of(JobState state) => state switch
    {
        JobState.Scheduled => MessageStatus.Scheduled,
        JobState.Accepted or JobState.Ready => MessageStatus.Queued,
        JobState.Leased or JobState.Unsure => MessageStatus.Sending,
        JobState.Done => MessageStatus.Sent,
        JobState.Dead => MessageStatus.Failed,
        JobState.Cancelled => MessageStatus.Cancelled,
        JobState.Expired => MessageStatus.Expired,
        _ => 0,
    };

    public static bool IsFinal(MessageStatus status) => status is MessageStatus.Delivered or MessageStatus.Undelivered
        or MessageStatus.Failed or MessageStatus.Expired or MessageStatus.Cancelled or MessageStatus.Unknown;

    /// <summary>The worse of two parts: what needs attention before what is on its way before what has arrived.</summary>
    public static MessageStatus Worse(MessageStatus a, MessageStatus b) => Rank(a) >= Rank(b) ? a : b;

    private static int Rank(MessageStatus status) => status switch
    {
        MessageStatus.Failed => 10,
        MessageStatus.Undelivered => 9,
        MessageStatus.Unknown => 8,
        MessageStatus.Expired => 7,
        MessageStatus.Cancelled => 6,
        MessageStatus.Scheduled => 5,
        MessageStatus.Queued => 4,
        MessageStatus.Sending => 3,
        MessageStatus.Sent => 2,
        MessageStatus.Delivered => 1,
        _ => 0,
    };
}
