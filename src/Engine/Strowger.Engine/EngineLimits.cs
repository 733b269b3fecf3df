namespace Strowger.Engine;

/// <summary>The engine's bounds, each with the reason for its number.</summary>
public static class EngineLimits
{
    /// <summary>1 MiB: a job is a reference to work, not a file; larger payloads belong in a file that the job names.</summary>
    public const int MaxBodyBytes = 1 << 20;

    /// <summary>4 KiB: headers are read with each hand-out.</summary>
    public const int MaxHeaderBytes = 4096;

    /// <summary>The number of parts of a job is one octet, as in a concatenated text.</summary>
    public const int MaxParts = 255;

    /// <summary>20 million jobs of 56 octets are about 1.2 GB of memory.</summary>
    public const long DefaultQueueBound = 20_000_000;

    /// <summary>A flow is some 200 octets; a million is more than any customer base has at once.</summary>
    public const int MaxFlows = 1_000_000;

    public const int MaxQueues = 10_000;

    /// <summary>Limits of a stage: a carrier's brands and kinds of senders.</summary>
    public const int MaxLimits = 1000;

    /// <summary>Keys whose buckets a stage keeps: some 300 octets each. Those that are full and were used longest ago go first.</summary>
    public const int MaxLimitKeys = 100_000;

    /// <summary>A sender, a customer's number.</summary>
    public const int MaxKeyBytes = 100;

    /// <summary>Stands for all keys that are too many to be told apart.</summary>
    internal const string OtherKeys = "*";

    public const int MaxNameBytes = 200;

    /// <summary>Keys are kept for this long, and at most this many: 5 million are about 300 MB.</summary>
    public const int MaxUniqueKeys = 5_000_000;

    public static readonly TimeSpan UniqueKeyLife = TimeSpan.FromHours(24);

    /// <summary>A lease is asked for anew within this; work that takes longer says now and then that it goes on.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromHours(24);

    /// <summary>Entries in one journal record: keeps a record under its size and a look-up inside it short.</summary>
    public const int MaxEntriesPerRecord = 512;

    /// <summary>Octets a feature may keep with one outcome or event: an entry's length is 16 bits.</summary>
    public const int MaxEntryDataBytes = 32 * 1024;
}
