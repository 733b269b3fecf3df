using System.Globalization;
using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>The carrier's answer in the words that Kannel passes on (%A), and its id (%F).</summary>
internal static class KannelAnswer
{
    public static (string Words, string CarrierId) Of(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Event && ReceiptData.TryRead(item.Data, out var receipt))
        {
            var id = Encoding.Latin1.GetString(receipt.Id);
            var error = receipt.Error.IsEmpty ? "000" : Encoding.Latin1.GetString(receipt.Error);
            return ($"id:{id} sub:001 dlvrd:{(receipt.State == ReceiptState.Delivered ? "001" : "000")} stat:{Word(receipt.State)} err:{error}", id);
        }

        if (item.Kind == EntryKind.Done)
        {
            return ("ACK/", HandOverData.TryRead(item.Data, out var taken) ? Encoding.Latin1.GetString(taken.Id) : string.Empty);
        }

        var reason = Reasons.Of(item.Code);
        return (string.Create(CultureInfo.InvariantCulture, $"NACK/{reason.Code}/{reason.Name}"), string.Empty);
    }

    /// <summary>SMPP 3.4, appendix B.</summary>
    private static string Word(ReceiptState state) => state switch
    {
        ReceiptState.Delivered => "DELIVRD",
        ReceiptState.Expired => "EXPIRED",
        ReceiptState.Deleted => "DELETED",
        ReceiptState.Undeliverable => "UNDELIV",
        ReceiptState.Rejected => "REJECTD",
        ReceiptState.Unknown => "UNKNOWN",
        _ => state.ToString().ToUpperInvariant(),
    };
}
