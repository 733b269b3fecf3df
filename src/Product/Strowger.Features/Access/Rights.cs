namespace Strowger.Features.Access;

/// <summary>What a key may do.</summary>
public static class Rights
{
    public const string All = "*";
    public const string MessagesRead = "messages:read";
    public const string MessagesWrite = "messages:write";
    public const string ChannelsRead = "channels:read";
    public const string ChannelsWrite = "channels:write";
    public const string QueuesRead = "queues:read";
    public const string QueuesWrite = "queues:write";
    public const string JobsRead = "jobs:read";

    /// <summary>Puts jobs into queues and takes them back.</summary>
    public const string JobsWrite = "jobs:write";

    /// <summary>Takes jobs out of queues and says what became of them.</summary>
    public const string JobsWork = "jobs:work";
    public const string EventsRead = "events:read";
    public const string KeysWrite = "keys:write";
    public const string WebhooksRead = "webhooks:read";
    public const string WebhooksWrite = "webhooks:write";
    public const string AlarmsRead = "alarms:read";
    public const string AlarmsWrite = "alarms:write";

    public static IReadOnlyList<string> Known { get; } =
    [
        All, MessagesRead, MessagesWrite, ChannelsRead, ChannelsWrite, QueuesRead, QueuesWrite, JobsRead, JobsWrite, JobsWork, EventsRead, KeysWrite,
        WebhooksRead, WebhooksWrite, AlarmsRead, AlarmsWrite,
    ];
}
