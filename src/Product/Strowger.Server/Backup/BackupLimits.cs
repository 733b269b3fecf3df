namespace Strowger.Server.Backup;

/// <summary>Bounds of backups, each with the reason for its number.</summary>
internal static class BackupLimits
{
    /// <summary>MiB read a second: a fraction of what a plain SSD gives, so that texts go out as before. 10 GB take twenty minutes.</summary>
    public const double DefaultRate = 8;

    /// <summary>MiB a second at most: beyond any disk, so as good as no limit.</summary>
    public const double MaxRate = 100_000;

    /// <summary>
    /// Octets read at once, and sent to the disk: a fraction of a millisecond of processor and disk. A file system that gathers more makes
    /// the journal's syncs wait for all of it.
    /// </summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>Backups that hold the server's history at once.</summary>
    public const int MaxPins = 4;

    /// <summary>How often a server says how far its journal is.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>A server that says nothing for this long has gone, and with it the hold on its history.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Looks for a checkpoint again when the server replaces it meanwhile.</summary>
    public const int CheckpointAttempts = 10;
}
