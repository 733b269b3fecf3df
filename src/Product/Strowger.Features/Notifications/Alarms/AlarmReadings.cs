namespace Strowger.Features.Notifications.Alarms;

/// <summary>How everything stands at one moment; what alarms are judged by.</summary>
public sealed record AlarmReadings
{
    public IReadOnlyList<ChannelReading> Channels { get; init; } = [];

    public IReadOnlyList<QueueReading> Queues { get; init; } = [];

    public IReadOnlyList<StageReading> Stages { get; init; } = [];

    public IReadOnlyList<(string Name, TimeSpan Lag)> Projections { get; init; } = [];

    /// <summary>Octets free and in all on the data directory's disk.</summary>
    public (long Free, long Total) Disk { get; init; }

    public bool IsStorageFull { get; init; }
}

/// <param name="State">up, partly_up, down, paused.</param>
/// <param name="Reason">In words, when it is not up.</param>
public sealed record ChannelReading(string Name, string State, string? Reason);

/// <param name="Name">Of the queue.</param>
/// <param name="Wait">Until the last of it has left.</param>
/// <param name="Waiting">Parts.</param>
/// <param name="Channels">Those that drain it.</param>
public sealed record QueueReading(string Name, TimeSpan Wait, long Waiting, IReadOnlyList<string> Channels);

/// <param name="Name">A channel's, or one for posts or mails.</param>
/// <param name="Ready">Jobs that wait for it.</param>
/// <param name="HandedOut">Since it was made.</param>
/// <param name="MayGo">It is not paused, and what is behind it is there.</param>
public sealed record StageReading(string Name, long Ready, long HandedOut, bool MayGo);

/// <summary>Something is wrong now.</summary>
/// <param name="Detail">In words, with numbers and units.</param>
/// <param name="Channels">Those that are no way out for a text about it.</param>
public sealed record Condition(AlarmRule Rule, string Subject, string Detail, IReadOnlyList<string> Channels);
