using System.Globalization;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Features.Messaging.Sending;
using Route = Strowger.Features.Messaging.Routes.Route;

namespace Strowger.Server.ConsolePage;

/// <summary>Why a message waits, and until when.</summary>
internal sealed class WaitingAnswer(MessagingService messaging, FlowSnapshot? flow, Language t)
{
    public Sentence Of(MessageView message)
    {
        var route = message.RequestedChannel is { } asked ? messaging.Channels.Routes.Pinned(asked)
            : Msisdn.TryParse(message.To, out var number, out _) ? messaging.Channels.Routes.Find(number) : null;
        if (route is null || route.Channels.Count == 0)
        {
            return new SentenceBuilder(Tone.Trouble).Say(t["It waits because "]).Alarm(t["no channel serves its number."])
                .Detail(t["Add a channel for it, or one without prefixes. It leaves by itself then."]).Build();
        }

        if (messaging.Engine.GetQueue(route.Queue) is { Paused: true })
        {
            return new SentenceBuilder(Tone.Attention).Say(t["It waits because its queue, {0}, is paused.", route.Queue])
                .Detail(t["Somebody here paused it; resume it under Work."]).Build();
        }

        var channels = flow?.Channels.Where(c => route.Channels.Contains(c.Name)).ToList() ?? [];
        var names = string.Join(", ", route.Channels);
        if (channels.Count > 0 && channels.All(c => c.State == "paused"))
        {
            return new SentenceBuilder(Tone.Attention).Say(t["It waits because {0} is paused.", names]).Detail(t["Somebody here paused it; resume it under Channels."]).Build();
        }

        if (channels.Count > 0 && channels.All(c => !c.IsMoving))
        {
            var reason = channels.Select(c => c.Reason).FirstOrDefault(r => r is not null);
            return new SentenceBuilder(Tone.Trouble).Say(t["It waits because "]).Alarm(t["{0} is down{1}", names, reason is null ? "" : $" ({Words.Brief(reason)})"]).Say(".")
                .Detail(t["The carrier, or the line to it, is at fault. It is safe here and leaves by itself when the channel is back."]).Build();
        }

        if (channels.FirstOrDefault(c => c.IsStuck) is { } stuck)
        {
            return new SentenceBuilder(Tone.Trouble).Say(t["It waits because "]).Alarm(t["{0} is connected but answers nothing", stuck.Name]).Say(".")
                .Detail(t["The carrier is at fault."]).Build();
        }

        return message.WaitsFor is { Code: "sender_limit" } limited ? Limited(message, limited, route) : Turn(message, route, channels);
    }

    private Sentence Limited(MessageView message, MessageWait wait, Route route)
    {
        _ = Sender.TryParse(System.Text.Encoding.UTF8.GetBytes(message.From), out var sender, out _);
        return new SentenceBuilder(Tone.Attention).Say(t["It waits because "]).Figure(t["{0} has used up its limit {1}", message.From, wait.Limit ?? ""])
            .Say(t[", so it leaves at about "]).At(messaging.Time.GetUtcNow() + messaging.Eta.Of(route, LaneOf(message), sender, 0)).Say(".")
            .Detail(t["Texts of other senders go on. Raise the limit under Channels if the carrier allows more."]).Build();
    }

    private static Engine.Lane LaneOf(MessageView message) =>
        message.Priority switch { "urgent" => Engine.Lane.Urgent, "bulk" => Engine.Lane.Bulk, _ => Engine.Lane.Normal };

    private Sentence Turn(MessageView message, Route route, List<ChannelFlow> channels)
    {
        var wait = messaging.Eta.Of(route, LaneOf(message));
        var before = channels.Count > 0 ? channels.Max(c => c.Waiting) : messaging.Eta.Backlog(route);
        var rate = channels.Sum(c => c.ExpectedRate ?? 0);
        var throttled = channels.FirstOrDefault(c => c.IsThrottled);
        var sentence = new SentenceBuilder(throttled is null ? Tone.Calm : Tone.Attention);
        sentence.Say(t["It waits its turn for {0}: ", string.Join(", ", route.Channels)]).Figure(t["{0} in line there", t.Texts(before)]);
        if (rate > 0)
        {
            sentence.Say(t[", {0} leave", t.PerSecond(rate)]);
        }

        sentence.Say(t[", so it leaves at about "]).At(messaging.Time.GetUtcNow() + wait).Say(".");
        if (throttled is { Rate: { } contract, RateNow: { } now })
        {
            sentence.Detail(t["{0} takes only {1} of the {2} you pay for.", throttled.Name, t.PerSecond(now), t.Rate(contract)]);
        }
        else if (message.Timeline.LastOrDefault(e => e.Event == "message.retry") is { } retry)
        {
            sentence.Detail(t["It was tried before and put back: {0}", t.Told(retry.Detail ?? "")]);
        }
        else if (channels.Any(c => c.Rate is not null))
        {
            sentence.Detail(t["Nothing is wrong with it: the channel's rate, {0}, is the limit. Raise it if the contract allows more.", t.PerSecond(channels.Sum(c => c.Rate ?? 0))]);
        }

        return sentence.Build();
    }
}
