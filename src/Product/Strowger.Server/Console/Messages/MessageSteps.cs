using Strowger.Features.Messaging.Statuses;

namespace Strowger.Server.ConsolePage;

/// <summary>One line of a message's life.</summary>
/// <param name="Gap">Since the line before; null in the first.</param>
internal sealed record MessageStep(TimelineEvent Event, TimeSpan? Gap, string Layer, string What, bool IsBad)
{
    /// <summary>Slower than anybody expects of a machine.</summary>
    public bool IsLong => Gap > TimeSpan.FromSeconds(5);
}

/// <summary>The events of a message as lines through every layer: door, queue, channel, carrier, phone.</summary>
internal static class MessageSteps
{
    public static IReadOnlyList<MessageStep> Of(Language t, MessageView message)
    {
        var steps = new List<MessageStep>();
        DateTimeOffset? last = null;
        foreach (var item in message.Timeline)
        {
            var (layer, what, isBad) = Words(t, item, message);
            steps.Add(new MessageStep(item, last is { } before ? item.Time - before : null, t[layer], what, isBad));
            last = item.Time;
        }

        return steps;
    }

    private static (string Layer, string What, bool IsBad) Words(Language t, TimelineEvent item, MessageView message) => item.Event switch
    {
        "message.accepted" => ("Door", message.Segments == 1 ? t["accepted, on disk"] : t["accepted in {0} parts, on disk", message.Segments], false),
        "message.scheduled" => ("Door", t["accepted for later, on disk"], false),
        "message.sending" => ("Channel", t["handed to {0}", item.Channel ?? "?"], false),
        "message.sent" => ("Carrier", t["{0} took it", item.Channel ?? t["the carrier"]], false),
        "message.throttled" => ("Carrier", t["refused as too fast; it goes first next time"], true),
        "message.retry" => ("Carrier", t["refused for now; tried again later"], true),
        "message.requeued" => ("Channel", t["the line was gone; back to its place"], true),
        "message.rerouted" => ("Channel", t["refused here; another channel takes it"], true),
        "message.unsure" => ("Channel", t["no answer: the carrier may have it"], true),
        "message.resent" => ("Channel", t["sent again, for nobody knew"], false),
        "message.failed" => ("Carrier", t["refused for good"], true),
        "message.unknown" => ("Channel", t["held: nobody knows whether the carrier has it"], true),
        "message.cancelled" => ("Queue", t["cancelled"], false),
        "message.expired" => ("Queue", t["its time was over"], true),
        "message.receipt" when item.Detail?.StartsWith("DELIVERED", StringComparison.OrdinalIgnoreCase) == true => ("Phone", t["the phone has it"], false),
        "message.receipt" => ("Carrier", t["receipt"], item.Detail is not null && message.Error is not null),
        "receipt.parked" => ("Carrier", t["receipt, kept until its text is known"], false),
        _ => ("Queue", item.Event, false),
    };
}
