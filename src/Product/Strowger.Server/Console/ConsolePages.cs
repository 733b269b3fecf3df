namespace Strowger.Server.ConsolePage;

/// <summary>The table of contents: every page of the console and what each keeps live. A new page is one line here.</summary>
internal static class ConsolePages
{
    public static IReadOnlyList<ConsoleRoute> Routes(ConsoleServices services, LiveFeed feed) =>
    [
        .. new NowPage().Routes,
        .. new SoonPages().Routes,
        .. new FindPage(services).Routes,
        .. new LanguagePage().Routes,
    ];

    /// <summary>What the stream may tell, by the topic that a page names.</summary>
    public static IReadOnlyList<LiveTopic> Topics { get; } =
    [
    ];
}
