using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// Follows one urgent message after another to its end, so that each life shown is whole: the newest is taken up when the one
/// before has arrived or is late. Called once a second.
/// </summary>
internal sealed class NewestCode(MessagingService messaging)
{
    /// <summary>Later than this it is shown as it stands.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>One that has not ended by then is left for a newer one.</summary>
    private static readonly TimeSpan _givenUp = TimeSpan.FromSeconds(30);

    private MessageId? _followed;
    private FlowSnapshot? _place;
    private long _since;

    public CodeView? Shown { get; private set; }

    public void Look(FlowSnapshot flow)
    {
        if (_followed is { } id && messaging.Find(id) is { } message)
        {
            var isOver = message.Status is not (MessageStatus.Scheduled or MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Sent);
            var age = messaging.Time.GetElapsedTime(_since);
            if (isOver || age > _patience || Shown is null || Shown.Id == message.Id.ToString())
            {
                Shown = ViewOf(message, Place.Of(message, _place!));
            }

            if (isOver || (age > _givenUp && messaging.NewestUrgent != id))
            {
                _followed = null;
            }
        }

        if (_followed is null && messaging.NewestUrgent is { } newest && newest.ToString() != Shown?.Id)
        {
            _followed = newest;
            _since = messaging.Time.GetTimestamp();
            _place = flow;
            if (Shown is null && messaging.Find(newest) is { } first)
            {
                Shown = ViewOf(first, Place.Of(first, flow));
            }
        }
    }

    private static CodeView ViewOf(MessageView message, Place place)
    {
        var accepted = message.AcceptedAt;
        var sending = message.Timeline.LastOrDefault(e => e.Event == "message.sending")?.Time;
        var ended = message.Status is MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Sent ? MessageStatus.Delivered : message.Status;
        return new CodeView(
            message.Id.ToString(),
            Masked(message.To),
            accepted.ToUnixTimeMilliseconds(),
            message.Status.ToString().ToLowerInvariant(),
            [
                new CodeStep("accepted", 0),
                new CodeStep("sending", After(sending)),
                new CodeStep("sent", After(message.SentAt)),
                new CodeStep(ended.ToString().ToLowerInvariant(), After(message.FinalAt)),
            ],
            message.Error?.Detail,
            place.Texts == 0 ? 0 : place.Rate is { } rate ? Math.Round(place.Texts / rate * 1000) : null,
            place.Texts,
            place.Rate);

        double? After(DateTimeOffset? moment) => moment is { } at ? Math.Max(0, (at - accepted).TotalMilliseconds) : null;
    }

    /// <summary>A subscriber's number is nobody's business who looks over a shoulder.</summary>
    private static string Masked(string number) => number.Length > 3 ? "…" + number[^3..] : number;

    /// <summary>Where one plain queue would have put it: behind all that waited for the channel that took it.</summary>
    private readonly record struct Place(long Texts, double? Rate)
    {
        public static Place Of(MessageView message, FlowSnapshot then)
        {
            var group = message.Channel is { } name
                ? then.Groups.FirstOrDefault(g => g.Channels.Any(c => c.Name == name))
                : then.Groups is [var only] ? only : null;
            return group is null ? default : new Place(group.Waiting, group.Rate > 0 ? Math.Round(group.Rate, 1) : null);
        }
    }
}
