using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;

namespace Strowger.Server.ConsolePage;

/// <summary>Where a message is, why, and whose matter that is, in plain words.</summary>
internal sealed class MessageAnswer(MessagingService messaging, FlowSnapshot? flow, Language t)
{
    public Sentence Of(MessageView message) => message.Status switch
    {
        MessageStatus.Scheduled => Say(Tone.Calm).Say(t["It waits for its time, "]).At(message.SendAt ?? message.AcceptedAt).Say(".").Detail(t["Its sender asked for that."]).Build(),
        MessageStatus.Queued => new WaitingAnswer(messaging, flow, t).Of(message),
        MessageStatus.Sending => Sending(message),
        MessageStatus.Sent => Sent(message),
        MessageStatus.Delivered => Delivered(message),
        MessageStatus.Undelivered => Undelivered(message),
        MessageStatus.Failed => Failed(message),
        MessageStatus.Expired => Say(Tone.Trouble).Alarm(t["Its time was over before it could leave."])
            .Detail(t["It expired while it waited here: the channels took less than came in, or were down. That is between us and the carrier; the phone has nothing to do with it."]).Build(),
        MessageStatus.Cancelled => Say(Tone.Calm).Say(t["It was cancelled before it left."]).Build(),
        _ => Say(Tone.Trouble).Alarm(t["Nobody knows whether it arrived."])
            .Detail(message.Error is { } why ? Detail(why) : t["No final receipt has come in its time. Ask the carrier with the evidence below, or send it again."]).Build(),
    };

    private Sentence Sending(MessageView message)
    {
        var since = message.Timeline.LastOrDefault(e => e.Event is "message.sending" or "message.unsure");
        var sentence = Say(Tone.Attention).Say(t["It is on the wire to {0}; the carrier has not answered yet.", ChannelOf(message)]);
        return (since is { Event: "message.unsure" }
            ? sentence.Detail(t["The connection was cut or the answer is late, so the carrier may have it. A late answer or a receipt settles it; else it is sent again or held, as the channel says."])
            : sentence.Detail(t["An answer mostly takes milliseconds. When it stays away, the line or the carrier is slow, not we."])).Build();
    }

    private Sentence Sent(MessageView message) => Say(Tone.Calm)
        .Say(t["{0} has it since ", ChannelOf(message)]).At(message.SentAt ?? message.AcceptedAt).Say(t[" and has not said yet what became of it."])
        .Detail(Waited(message))
        .Detail(t["A phone that is off or out of reach is tried again by the carrier until the text's validity ends."]).Build();

    private Sentence Delivered(MessageView message)
    {
        var sentence = Say(Tone.Calm).Say(t["Delivered at "]).At(message.FinalAt ?? message.AcceptedAt);
        if (message.FinalAt is { } final)
        {
            sentence.Say(", ").Figure(t["{0} after we took it", t.Duration(final - Later(message.AcceptedAt, message.SendAt))]);
        }

        return sentence.Say(".").Detail(Slowest(message)).Build();
    }

    private Sentence Undelivered(MessageView message)
    {
        var state = message.Error?.Name.Replace("receipt_", "", StringComparison.Ordinal) ?? "";
        return Say(Tone.Trouble).Alarm(t["{0} took it and reports that it did not arrive.", ChannelOf(message)])
            .Detail(message.Error is null ? null : t["Its words: {0}", t.Told(message.Error.Detail)])
            .Detail(state switch
            {
                "expired" => t["The phone was off or out of reach until the text's validity ended. Nothing is wrong here or at the carrier."],
                "rejected" => t["The carrier refused it after taking it: mostly rules on senders or contents. Ask it with the evidence below."],
                "deleted" => t["The carrier deleted it. Ask it with the evidence below."],
                "undeliverable" => t["Mostly the number does not exist any more, or the phone's network refused it. Not our fault; the carrier knows more by its code."],
                _ => t["What happened is beyond us: between the carrier and the phone."],
            }).Build();
    }

    private Sentence Failed(MessageView message)
    {
        var name = message.Error?.Name ?? "";
        var whose = name switch
        {
            "ESME_RINVDSTADR" or "ESME_RINVNUMDESTS" or "ESME_RINVDSTTON" or "ESME_RINVDSTNPI" => t["The number is at fault: the carrier does not know it. Check it with whoever gave it."],
            "ESME_RINVSRCADR" or "ESME_RINVSRCTON" or "ESME_RINVSRCNPI" => t["The sender is at fault: the carrier does not allow it. Register it there, or use another."],
            "ESME_RINVSYSID" or "ESME_RINVPASWD" or "ESME_RINVSYSTYP" => t["Our account there is at fault. Check the channel's settings with the carrier."],
            "not_encodable" or "unreadable" => t["That is our fault."],
            _ => t["The carrier decided it. Ask it with the evidence below."],
        };
        return Say(Tone.Trouble).Alarm(message.Error is null ? t["It was refused for good."] : t["{0} refused it for good.", ChannelOf(message)])
            .Detail(message.Error is { } error ? Detail(error) : null).Detail(whose).Build();
    }

    /// <summary>Where most of the time went, when it was long.</summary>
    private string? Slowest(MessageView message)
    {
        var late = message.Lateness;
        var (before, here, carrier) = (late.BeforeUsMs ?? 0, late.WaitingMs ?? 0, late.CarrierMs ?? 0);
        if (before + here + carrier < 5000)
        {
            return null;
        }

        return before >= here && before >= carrier ? t["Most of the time, {0}, had passed before we got it: its sender was late.", Ms(before)]
            : here >= carrier ? t["Most of the time, {0}, it waited here for the channel's rate.", Ms(here)]
            : t["Most of the time, {0}, passed after the carrier had it: the carrier or the phone was slow.", Ms(carrier)];
    }

    private string? Waited(MessageView message) =>
        message.Lateness.WaitingMs is > 5000 and var ms ? t["It had waited here for {0} before.", Ms(ms)] : null;

    private string Ms(double ms) => t.Duration(TimeSpan.FromMilliseconds(ms));

    private string Detail(MessageError error) => t.Told(error.Detail);

    private string ChannelOf(MessageView message) =>
        message.Channel ?? message.Timeline.LastOrDefault(e => e.Channel is not null)?.Channel ?? message.RequestedChannel ?? t["The carrier"];

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;

    private static SentenceBuilder Say(Tone tone) => new(tone);
}
