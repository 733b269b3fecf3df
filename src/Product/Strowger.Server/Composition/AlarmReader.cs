using System.Text;
using System.Text.Json.Nodes;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Sending;
using Strowger.Features.Notifications.Alarms;
using Route = Strowger.Features.Messaging.Routes.Route;

namespace Strowger.Server.Composition;

/// <summary>What alarms are judged by, read from the parts of this server, and the way for their texts.</summary>
internal sealed class AlarmReader(MessagingParts messaging, Func<IReadOnlyList<ProjectionHost>> projections, Func<IReadOnlyList<Stage>> otherStages, string dataDirectory)
{
    private readonly DriveInfo _disk = new(dataDirectory);

    public AlarmReadings Read()
    {
        var channels = messaging.Channels.All;
        return new AlarmReadings
        {
            Channels = [.. channels.Select(c => (c.Name, c.State)).Select(c => new ChannelReading(c.Name, c.State.State, c.State.Reason))],
            Queues = Queues(channels),
            Stages = [.. channels.Select(c => Reading(c.Stage, c.State.State is "up" or "partly_up")), .. otherStages().Select(s => Reading(s, true))],
            Projections = [.. projections().Select(p => (p.Name, LagOf(p)))],
            Disk = (_disk.AvailableFreeSpace, _disk.TotalSize),
            IsStorageFull = messaging.Engine.IsStorageFull,
        };
    }

    /// <summary>Urgent, by a channel that works and is none of those in trouble; false when there is none.</summary>
    public async Task<bool> SendTextAsync(AlarmOptions options, IReadOnlyList<string> avoid, string to, string text, string key)
    {
        var working = messaging.Channels.All.Where(c => c.State.State is "up" or "partly_up" && !avoid.Contains(c.Name)).Select(c => c.Name).ToArray();
        var channel = options.TextChannels.Count == 0 ? working.FirstOrDefault() : options.TextChannels.FirstOrDefault(working.Contains);
        if (channel is null)
        {
            return false;
        }

        var message = new JsonObject
        {
            ["to"] = to,
            ["from"] = options.TextFrom,
            ["text"] = text,
            ["channel"] = channel,
            ["priority"] = "urgent",
            ["reference"] = "alarm",
        };

        // The same alarm told a second time after a kill may find another channel working: the key alone counts, and the first way stands.
        var result = await messaging.Service.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), IdempotencyKey.Of("alarms", key), dryRun: false, CancellationToken.None).ConfigureAwait(false);
        return result.Error is null or { Code: "idempotency_key_reused" or "in_progress" };
    }

    /// <summary>Each route's, and those of channels asked for by name.</summary>
    private List<QueueReading> Queues(IReadOnlyList<Channel> channels)
    {
        var found = new List<QueueReading>();
        var routes = messaging.Channels.Routes;
        foreach (var route in routes.All.Concat(channels.Select(c => routes.Pinned(c.Name)).OfType<Route>()))
        {
            if (messaging.Service.Eta.Backlog(route) is > 0 and var waiting)
            {
                found.Add(new QueueReading(route.Queue, messaging.Service.Eta.Of(route, Lane.Bulk), waiting, route.Channels));
            }
        }

        return found;
    }

    private static StageReading Reading(Stage stage, bool isThere)
    {
        var info = stage.GetInfo();
        return new StageReading(info.Name, info.Ready.Sum(), info.HandedOut.Sum(), isThere && !info.IsPaused);
    }

    /// <summary>Age of the oldest event it does not have yet.</summary>
    private TimeSpan LagOf(ProjectionHost projection)
    {
        if (projection.Behind == 0)
        {
            return TimeSpan.Zero;
        }

        long? oldest = null;
        var reader = EventReader.From(messaging.Engine, projection.Cursor);
        while (oldest is null && reader.ReadRecord((in EngineEvent item) => oldest ??= item.TimeMs))
        {
        }

        var now = messaging.Engine.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return TimeSpan.FromMilliseconds(Math.Max(0, now - (oldest ?? now)));
    }
}
