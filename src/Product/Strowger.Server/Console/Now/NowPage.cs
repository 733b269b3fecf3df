namespace Strowger.Server.ConsolePage;

/// <summary><c>/</c>: is anyone waiting, why, until when? The sentence is there at once; the flow is drawn by the browser from the stream.</summary>
internal sealed class NowPage(LiveFeed feed)
{
    public IEnumerable<ConsoleRoute> Routes => [ConsoleRoute.Get("/", ShowAsync)];

    private Task ShowAsync(Visit visit) =>
        visit.ShowAsync<NowView>(new NowModel { Sentence = feed.Newest.Flow is { } flow ? FlowSentence.Of(flow, visit.T) : null });
}

/// <summary>What is known before the stream tells more; nothing in the first moment after the start.</summary>
public sealed record NowModel
{
    public Sentence? Sentence { get; init; }
}
