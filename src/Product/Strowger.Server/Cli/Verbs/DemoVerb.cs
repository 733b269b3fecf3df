using System.CommandLine;

namespace Strowger.Server.Cli.Verbs;

/// <summary>What <c>demo</c> was asked for.</summary>
/// <param name="Subscribers">Texts of the campaign.</param>
/// <param name="Rate">The carrier's parts a second over both binds.</param>
/// <param name="Calm">Without trouble on purpose.</param>
/// <param name="Exit">Ends after the table.</param>
/// <param name="Json">The table as JSON on standard output.</param>
/// <param name="DataDirectory">Null is a directory of its own.</param>
/// <param name="Csv">A subscriber file instead of a generated one.</param>
/// <param name="Listen">HOST:PORT of the console; null is the usual one.</param>
internal sealed record DemoOptions(
    int Subscribers, double Rate, bool Calm, bool Exit, bool Json, string? DataDirectory, string? Csv, string? Listen);

/// <summary><c>strowger demo</c>.</summary>
internal static class DemoVerb
{
    private const int MaxSubscribers = 20_000_000;
    private const double MaxRate = 10_000_000;

    public static Command Create(CliContext context, Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        var subscribers = new Option<int>("--subscribers") { Description = "Texts of the campaign", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var rate = new Option<double>("--rate") { Description = "What the carrier takes, parts a second over both binds", HelpName = "N", DefaultValueFactory = _ => 5000 };
        var calm = new Option<bool>("--calm") { Description = "Without the trouble made on purpose" };
        var exit = new Option<bool>("--exit") { Description = "Ends after the table; exit code 0 only if nothing was lost and no limit exceeded" };
        var csv = new Option<string?>("--csv") { Description = "Your own subscriber file", HelpName = "FILE" };
        var http = new Option<string?>("--http") { Description = "Where the console listens. Default 127.0.0.1:8080", HelpName = "HOST:PORT" };
        subscribers.Validators.Add(result => Require(result.GetValueOrDefault<int>() is >= 1 and <= MaxSubscribers, result, $"--subscribers is 1 to {MaxSubscribers}."));
        rate.Validators.Add(result => Require(result.GetValueOrDefault<double>() is >= 1 and <= MaxRate, result, $"--rate is 1 to {MaxRate}."));
        var command = new Command("demo", "Shows all of it in a minute: a server, a simulated carrier, a campaign, codes, trouble") { subscribers, rate, calm, exit, csv, http };
        command.SetAction((parsed, ct) => run(
            new DemoOptions(
                parsed.GetValue(subscribers), parsed.GetValue(rate), parsed.GetValue(calm), parsed.GetValue(exit), parsed.GetValue(GlobalOptions.Json),
                parsed.GetValue(GlobalOptions.Data) is { } data ? Path.GetFullPath(data, context.WorkingDirectory) : null,
                parsed.GetValue(csv) is { } file ? Path.GetFullPath(file, context.WorkingDirectory) : null,
                parsed.GetValue(http)),
            ct));
        return command;
    }

    private static void Require(bool holds, System.CommandLine.Parsing.SymbolResult result, string message)
    {
        if (!holds)
        {
            result.AddError(message);
        }
    }
}
