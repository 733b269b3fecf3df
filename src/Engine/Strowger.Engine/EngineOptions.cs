using Strowger.Engine.Journaling;

namespace Strowger.Engine;

/// <summary>How an engine runs.</summary>
public sealed record EngineOptions
{
    /// <summary>Holds the journal, the checkpoints and the index of finished jobs.</summary>
    public required string Directory { get; init; }

    /// <summary>Octets, default 64 MiB.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>A checkpoint is written when the journal has grown by this and by as much as the last checkpoint's size. Default 64 MiB.</summary>
    public long CheckpointEveryBytes { get; init; } = 64L << 20;

    /// <summary>History older than this is deleted, by whole segments. Default 30 days.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Octets of history kept at most; live jobs are kept in any case. Default 50 GiB.</summary>
    public long HistoryBytes { get; init; } = 50L << 30;

    /// <summary>Jobs a queue takes before it refuses, unless it is changed by itself. Default 20 million.</summary>
    public long QueueBound { get; init; } = EngineLimits.DefaultQueueBound;

    /// <summary>Damage, failed syncs and a full disk are told here.</summary>
    public Action<JournalIncident>? OnIncident { get; init; }
}
