using Strowger.Engine;
using Strowger.Records.Messages;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>Our words in SMPP's.</summary>
internal static class DoorStatus
{
    /// <summary>What a client is told of a text that intake refuses.</summary>
    public static uint Of(RequestError error) => error.Code switch
    {
        "no_route" => CommandStatus.InvalidDestinationAddress,
        "too_late" => CommandStatus.MessageQueueFull,
        "too_long" or "sender_limit" => CommandStatus.InvalidMessageLength,
        "unknown_channel" => CommandStatus.SystemError,
        _ => error.Status is 429 ? CommandStatus.Throttled : CommandStatus.SubmitFailed,
    };

    public static uint Of(EnqueueStatus status) => status switch
    {
        EnqueueStatus.Accepted => CommandStatus.Ok,
        EnqueueStatus.QueueFull => CommandStatus.MessageQueueFull,
        _ => CommandStatus.SystemError,
    };

    /// <summary>message_state (SMPP 3.4, 5.2.28).</summary>
    public static ReceiptState StateOf(MessageStatus status) => status switch
    {
        MessageStatus.Delivered => ReceiptState.Delivered,
        MessageStatus.Undelivered => ReceiptState.Undeliverable,
        MessageStatus.Failed => ReceiptState.Rejected,
        MessageStatus.Expired => ReceiptState.Expired,
        MessageStatus.Cancelled => ReceiptState.Deleted,
        MessageStatus.Unknown => ReceiptState.Unknown,
        _ => ReceiptState.EnRoute,
    };

    /// <summary>congestion_state (SMPP 5.0, 4.8.4.18): 0 idle, 80 to 89 as it should be, 100 congested. By what waits before a text, and by the client's own rate.</summary>
    public static byte CongestionOf(TimeSpan wait, double rateShare)
    {
        var seconds = wait.TotalSeconds;

        // A second's worth waiting keeps a channel busy; ten are more than is good.
        var byQueue = seconds <= 1 ? 85 * seconds : Math.Min(100, 85 + (15 * (seconds - 1) / 9));
        return (byte)Math.Clamp(Math.Max(byQueue, 85 * rateShare), 0, 100);
    }
}
