namespace Strowger.Server.ConsolePage;

/// <summary>Places whose pages are not there yet: they say what to do meanwhile.</summary>
internal static class SoonPages
{
    public static IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/plan", v => v.ShowAsync<SoonView>(Plan(v.T))),
    ];

    private static SoonModel Plan(Language t) => new(
        "plan",
        t["When would the last one have it?"],
        t["The command line answers it, for this server's channels with what waits there now, by formula and by simulation; with other channels it says what would be enough:"],
        "strowger plan --subscribers 50000 --live",
        t["What the channels take now is on their page."],
        "/channels");
}

/// <summary>What to do meanwhile.</summary>
public sealed record SoonModel(string Place, string Sentence, string Words, string Command, string LinkWords, string Link);
