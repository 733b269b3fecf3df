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
        t["Texts divided by the contracts' rate, and what waits already before them. A dry run tells the expected time of one text with all that is true now:"],
        "curl -H 'Authorization: Bearer KEY' 'http://127.0.0.1:8080/v1/messages?dry_run=1' -d '{\"to\": \"+46701234567\", \"from\": \"Shop\", \"text\": \"Hello\", \"priority\": \"bulk\"}'",
        t["What the channels take now is on their page."],
        "/channels");
}

/// <summary>What to do meanwhile.</summary>
public sealed record SoonModel(string Place, string Sentence, string Words, string Command, string LinkWords, string Link);
