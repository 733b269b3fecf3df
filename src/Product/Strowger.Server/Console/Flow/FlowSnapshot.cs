using Strowger.Engine.Journaling;

namespace Strowger.Server.ConsolePage;

/// <summary>All that the page tells of, at one moment. Texts are counted in parts; lanes are urgent, normal, bulk.</summary>
internal sealed record FlowSnapshot
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>When it was read, by the monotonic clock.</summary>
    public long Stamp { get; init; }

    public JournalSpace Space { get; init; }

    public IReadOnlyList<long> Waiting { get; init; } = [0, 0, 0];

    /// <summary>For a later time, as their senders asked.</summary>
    public long Scheduled { get; init; }

    public long InFlight { get; init; }

    /// <summary>Nobody knows (yet) whether the carrier took them.</summary>
    public long Unsure { get; init; }

    public long AcceptedTotal { get; init; }

    public long SentTotal { get; init; }

    public IReadOnlyList<ChannelFlow> Channels { get; init; } = [];

    /// <summary>Channels that share waiting texts, with these texts; groups without any are left out.</summary>
    public IReadOnlyList<WaitingGroup> Groups { get; init; } = [];

    /// <summary>Texts that no channel serves.</summary>
    public long Unserved { get; init; }

    /// <summary>Queues that an operator has paused, and what waits in them.</summary>
    public IReadOnlyList<string> PausedQueues { get; init; } = [];

    public long InPausedQueues { get; init; }

    public long WaitingTotal => Waiting[0] + Waiting[1] + Waiting[2];
}
