using Strowger.Features.Messaging;

namespace Strowger.Server.Http;

/// <summary>Bounds of the HTTP door, each with the reason for its number.</summary>
public static class HttpLimits
{
    /// <summary>Octets of a body that is not a batch: one message at most; settings are far smaller.</summary>
    public const int MaxBody = MessageLimits.MaxLine;

    /// <summary>Connections at once: a descriptor and some 10 KiB each.</summary>
    public const int MaxConnections = 20_000;

    /// <summary>Octets of all headers of a request: keys, cookies and what proxies add fit ten times over.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    /// <summary>Batches that are being read at once: each holds two chunks, some 5 MiB.</summary>
    public const int MaxBatches = 64;

    /// <summary>A batch that sends nothing for this long is given up. A generator may think between lines; a dead peer must not hold a place.</summary>
    public static readonly TimeSpan BatchIdle = TimeSpan.FromMinutes(2);

    /// <summary>Octets read and thrown away after a batch stopped early, so that clients that only read after writing hear the answer.</summary>
    public const long MaxDrainBytes = 1L << 30;

    /// <summary>And for how long at most.</summary>
    public static readonly TimeSpan MaxDrainTime = TimeSpan.FromSeconds(10);

    /// <summary>Event streams open at once: each holds a 256 KiB read buffer.</summary>
    public const int MaxStreams = 200;

    /// <summary>Octets of events written before a stream waits for its client.</summary>
    public const int StreamChunk = 32 * 1024;

    /// <summary>A client that takes nothing for this long is disconnected; it comes back with its last position.</summary>
    public static readonly TimeSpan StreamStall = TimeSpan.FromSeconds(30);

    /// <summary>A comment on an idle stream, so that proxies keep it open (they close after 60 s as a rule).</summary>
    public static readonly TimeSpan StreamHeartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How often an idle stream looks for new events.</summary>
    public static readonly TimeSpan StreamPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Calls that wait for jobs at once: a connection and some KiB each.</summary>
    public const int MaxPolls = 5000;

    /// <summary>Calls with many jobs that are being read at once: each is in memory whole, at most 16 MiB.</summary>
    public const int MaxJobBatches = 16;

    /// <summary>Events of one page.</summary>
    public const int MaxEvents = 1000;

    /// <summary>Octets of one page of events, after which it is cut short: texts may be long.</summary>
    public const int MaxEventPage = 4 << 20;

    /// <summary>Octets around a campaign's file: its fields and the multipart's own lines.</summary>
    public const int MaxCampaignExtra = 1 << 20;

    /// <summary>Campaign files that are being received or looked at at once: each takes a core while it is.</summary>
    public const int MaxUploads = 8;

    /// <summary>Texts of one write of a campaign's results.</summary>
    public const int ResultsPage = 2_000;

    /// <summary>How long a channel's test waits for the carrier.</summary>
    public static readonly TimeSpan ChannelTest = TimeSpan.FromSeconds(10);
}
