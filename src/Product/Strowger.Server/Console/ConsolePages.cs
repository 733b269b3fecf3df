namespace Strowger.Server.ConsolePage;

/// <summary>The table of contents: every page of the console and what each keeps live. A new page is one line here.</summary>
internal static class ConsolePages
{
    public static IReadOnlyList<ConsoleRoute> Routes(ConsoleServices services, LiveFeed feed) =>
    [
        .. new NowPage(feed).Routes,
        .. new MessagesPage(services, feed).Routes,
        .. new CampaignsPage(services).Routes,
        .. new ChannelsPage(services, feed).Routes,
        .. new WorkPage(services, feed).Routes,
        .. new JobPage(services).Routes,
        .. new DeadPage(services).Routes,
        .. new ProblemsPage(services).Routes,
        .. new PlanPage(services).Routes,
        .. SettingsPage.Routes(services),
        .. new FindPage(services).Routes,
        .. LanguagePage.Routes,
    ];

    /// <summary>What the stream may tell, by the topic that a page names.</summary>
    public static IReadOnlyList<LiveTopic> Topics { get; } =
    [
        ChannelsTopic.Topic,
        CampaignsTopic.Topic,
        WorkTopic.Topic,
    ];

    /// <summary>What a page was made of, so that it asks for its parts again when that is past before its stream begins; null: not known.</summary>
    public static string? ShapeOf(string topic, LiveFrame? frame) =>
        frame?.View is null ? null : Topics.FirstOrDefault(t => t.Name == topic)?.Shape(frame);
}
