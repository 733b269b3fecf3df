using System.CommandLine;

namespace Strowger.Server.Cli.Verbs;

/// <summary>What <c>bench</c> was asked for.</summary>
/// <param name="What">Such as <c>sms</c>.</param>
/// <param name="Only">Names of single measurements; empty is all.</param>
/// <param name="Quick">A tenth of the size.</param>
/// <param name="Json">Figures as JSON on standard output.</param>
/// <param name="DataDirectory">The disk to measure; null is a temporary directory.</param>
internal sealed record BenchOptions(string What, IReadOnlyList<string> Only, bool Quick, bool Json, string? DataDirectory);

/// <summary><c>strowger bench</c>.</summary>
internal static class BenchVerb
{
    public static Command Create(CliContext context, Func<BenchOptions, CancellationToken, Task<int>> run)
    {
        var what = new Argument<string>("WHAT") { Description = "What to measure", DefaultValueFactory = _ => "sms" }.AcceptOnlyFromAmong("sms");
        var only = new Option<string[]>("--only") { Description = "Only this measurement; may be given again", HelpName = "NAME" };
        var quick = new Option<bool>("--quick") { Description = "A tenth of the size, for a first look" };
        var command = new Command("bench", "Measures this machine, beside Kannel where it is installed") { what, only, quick };
        command.SetAction((parsed, ct) => run(
            new BenchOptions(
                parsed.GetRequiredValue(what), parsed.GetValue(only) ?? [], parsed.GetValue(quick), parsed.GetValue(GlobalOptions.Json),
                parsed.GetValue(GlobalOptions.Data) is { } data ? Path.GetFullPath(data, context.WorkingDirectory) : null),
            ct));
        return command;
    }
}
