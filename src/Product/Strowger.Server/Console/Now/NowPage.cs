namespace Strowger.Server.ConsolePage;

/// <summary><c>/</c>: is anyone waiting, why, until when? The flow, drawn by the browser from the stream.</summary>
internal static class NowPage
{
    public static IEnumerable<ConsoleRoute> Routes => [ConsoleRoute.Get("/", visit => visit.ShowAsync<NowView>(NowModel.Instance))];
}

/// <summary>Nothing is known before the stream tells it.</summary>
public sealed class NowModel
{
    internal static NowModel Instance { get; } = new();
}
