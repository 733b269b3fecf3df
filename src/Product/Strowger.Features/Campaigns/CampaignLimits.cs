namespace Strowger.Features.Campaigns;

/// <summary>Bounds of campaigns, each with the reason for its number.</summary>
public static class CampaignLimits
{
    /// <summary>Octets of a file: 50 million rows of 20 numbers' length and more; a scan of it takes a few minutes.</summary>
    public const long MaxFileBytes = 4L << 30;

    /// <summary>Campaigns that are not over at a time: each is looked at ten times a second.</summary>
    public const int MaxOpen = 1_000;

    /// <summary>Characters of a campaign's name.</summary>
    public const int MaxName = 64;

    /// <summary>Refused rows told one by one in an answer; all are counted.</summary>
    public const int MaxRefusedTold = 1_000;

    /// <summary>Rows shown as they would be sent.</summary>
    public const int MaxExamples = 3;

    /// <summary>Prefixes that divide a campaign's rows: each means one more walk through the file.</summary>
    public const int MaxPrefixes = 64;

    /// <summary>
    /// Texts of a campaign that wait in the queue at most: what its channel takes in this time, divided by the campaigns that share it. A
    /// quarter of the minute that is allowed, since a channel may slow down; long enough that it never waits for the file.
    /// </summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromSeconds(15);

    /// <summary>And this many at most: 56 octets of memory each.</summary>
    public const int MaxAhead = 100_000;

    /// <summary>Rows made texts together: an fsync does not matter, and a pause finds little on the way.</summary>
    public const int ChunkRows = 4_000;

    /// <summary>Octets of texts made together.</summary>
    public const int ChunkBytes = 2 << 20;

    /// <summary>Rows of others that a pass walks over in one turn: some 20 ms.</summary>
    public const int WalkRows = 50_000;

    /// <summary>How often campaigns are looked at.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a full queue or disk is left alone.</summary>
    public static readonly TimeSpan FullPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a campaign whose file cannot be read is left alone.</summary>
    public static readonly TimeSpan FilePause = TimeSpan.FromSeconds(30);

    /// <summary>How often the place in the journal is kept when no cursor moves, so that a start reads little.</summary>
    public static readonly TimeSpan KeepPosition = TimeSpan.FromSeconds(30);

    /// <summary>The life of an Idempotency-Key, as of those of texts.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    /// <summary>Room left on the disk by a file that is being received: the journal needs it to go on.</summary>
    public const long DiskReserve = 512L << 20;
}
