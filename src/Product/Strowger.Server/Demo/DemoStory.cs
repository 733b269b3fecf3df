using System.Globalization;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Demo;

/// <summary>What the demo tells, line by line, in the order of the story.</summary>
internal static class DemoStory
{
    /// <summary>Where to look, before anything else happens.</summary>
    /// <param name="link">The login link.</param>
    /// <param name="user">Who is logged in, for the line for those on a remote box.</param>
    /// <param name="machine">This machine's name.</param>
    public static IReadOnlyList<string> Opening(Uri link, string user, string machine)
    {
        ArgumentNullException.ThrowIfNull(link);
        return
        [
            "Open this page and watch (the link works once):",
            "  " + link,
            .. link.IsLoopback
                ? [string.Create(CultureInfo.InvariantCulture, $"From another machine, first:  ssh -L {link.Port}:127.0.0.1:{link.Port} {user}@{machine}")]
                : (string[])[],
            "",
        ];
    }

    /// <param name="texts">Accepted and on disk.</param>
    /// <param name="took">From the first to the last.</param>
    /// <param name="rate">The carrier's limit, parts a second.</param>
    /// <param name="last">When the last one will have left, in the reader's zone.</param>
    public static string Safe(long texts, TimeSpan took, double rate, DateTimeOffset last) =>
        $"{Words.Texts(texts)} safe on disk in {Words.Duration(took)}; at {Words.PerSecond(rate)} the last one leaves at {Clock(last)}.";

    public static string HangUp => "Trouble on purpose: the carrier hangs up one of the two binds. The other one carries on.";

    public static string Kill(long waiting) =>
        $"Trouble on purpose: kill -9 of the server itself, with {Words.Texts(waiting)} waiting.";

    public static string Returned(long waiting) => $"The server is back: {Words.Texts(waiting)} still there, and sending goes on.";

    /// <summary>What to do with it now.</summary>
    public static IReadOnlyList<string> NextSteps { get; } =
    [
        "What next:",
        "  1. A text to your own phone: ./strowger serve, then in another window",
        "     ./strowger channels add     asks for your carrier's host and password, binds, sends a test",
        "  2. A million, as fast as four such carriers allow:",
        "     ./strowger demo --subscribers 1000000 --rate 20000",
        "  3. Beside your Kannel, measured in one run on this machine:",
        "     ./strowger bench sms",
        "",
        "A code a second keeps the page alive: try its three buttons. Ctrl-C ends the demo.",
    ];

    private static string Clock(DateTimeOffset moment) => moment.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
