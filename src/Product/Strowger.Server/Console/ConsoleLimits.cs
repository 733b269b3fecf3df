namespace Strowger.Server.ConsolePage;

/// <summary>The bounds of the console: what it keeps, shows and how often it looks.</summary>
internal static class ConsoleLimits
{
    /// <summary>Streams open at once: every screen of a large company; a hidden tab holds none.</summary>
    public const int MaxStreams = 256;

    /// <summary>Seconds of the past kept for the chart.</summary>
    public const int HistoryPoints = 120;

    /// <summary>Lines of what happened that are kept and shown.</summary>
    public const int MaxHappenings = 30;

    /// <summary>Channels and binds drawn one by one; all are counted.</summary>
    public const int MaxChannelsShown = 12;
    public const int MaxBindsShown = 16;

    /// <summary>Characters of a carrier's reason that are shown.</summary>
    public const int MaxReason = 120;

    /// <summary>How soon a change of state is on the page.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the numbers are sent.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>A silent stream is told that it lives this often: proxies close at 30 to 60 s.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>An open stream's session is looked up again this often.</summary>
    public static readonly TimeSpan SessionCheck = TimeSpan.FromMinutes(1);

    /// <summary>Octets and fields of a form; what people type.</summary>
    public const long MaxForm = 128 * 1024;
    public const int MaxFormFields = 200;

    /// <summary>Rows of a page of messages or of the audit.</summary>
    public const int PageRows = 50;

    /// <summary>Lines of the palette.</summary>
    public const int MaxFound = 12;
}
