using System.Text;
using Strowger.Engine;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Sending;
using MessageRoute = Strowger.Features.Messaging.Routes.Route;

namespace Strowger.Server.Composition;

/// <summary>Campaigns' way into the intake that all other doors use.</summary>
internal sealed class MessagingDoor(MessagingService messaging) : CampaignDoor
{
    private readonly MessageIntake _intake = messaging.Rent();
    private PreparedMessage _message;

    public override IReadOnlyList<string> Prefixes => [.. messaging.Channels.Routes.All.Select(route => route.Prefix).Where(prefix => prefix.Length > 0)];

    public override RequestError? Check(in TextFields fields, out CheckedText text)
    {
        text = default;
        if ((MessageRequestFields.Fill(_intake.Request, fields) ?? _intake.Prepare(out _message)) is { } error)
        {
            return error;
        }

        text = new CheckedText(_message.Plan.Parts, _message.Plan.Encoding, _message.Route.Queue, _message.ExpectedChannel);
        return null;
    }

    public override void Add(JobBatch batch, string flow, ReadOnlySpan<byte> mark)
    {
        _intake.FlowName = flow;
        batch.Add(_intake.ToJob(_message, headers: mark));
    }

    public override double RateOf(string queue) => RouteOf(queue) is { } route ? messaging.Eta.RateOf(route) : 0;

    public override TimeSpan LimitWait(string queue, string from, long parts) =>
        RouteOf(queue) is { } route && Sender.TryParse(Encoding.UTF8.GetBytes(from), out var sender, out _)
            ? messaging.Eta.LimitWait(route, Lane.Bulk, sender, parts)
            : TimeSpan.Zero;

    public override RequestError? CheckChannel(string name) => messaging.Channels.Routes.Pinned(name) is not null ? null : RequestError.Of(
        "channel", "unknown_channel", $"There is no channel '{name}'. Known: {string.Join(", ", messaging.Channels.All.Select(c => c.Name).Take(20))}.");

    private MessageRoute? RouteOf(string queue)
    {
        var routes = messaging.Channels.Routes;
        foreach (var route in routes.All)
        {
            if (route.Queue == queue)
            {
                return route;
            }
        }

        return messaging.Channels.All.Select(channel => routes.Pinned(channel.Name)).FirstOrDefault(route => route?.Queue == queue)
            ?? (MessageRoute.PrefixOf(queue) is { } prefix ? routes.FindForPrefix(prefix) : null);
    }
}
