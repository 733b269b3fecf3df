using System.CommandLine;
using Strowger.Engine.Journaling;
using Strowger.Records;
using Strowger.Server.Cli.Verbs;
using Strowger.Server.Composition;
using Strowger.Server.Demo;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli;

/// <summary>The command <c>strowger VERB</c>.</summary>
public static class StrowgerCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, CliContext.OfProcess(), CancellationToken.None);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public static async Task<int> RunAsync(string[] args, CliContext context, CancellationToken ct)
    {
        var root = Root(context);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : Complete(root, args));
        if (parsed.Errors.Count > 0)
        {
            return ReportUsage(parsed, context);
        }

        // A client's Ctrl-C ends it at once; a server takes the signal itself.
        var invocation = new InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            var code = await parsed.InvokeAsync(invocation, ct);
            return args.Length == 0 ? ExitCode.Usage : code;
        }
        catch (Exception error) when (error is CliException or ApiException or RecordsException or JournalException or IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync(error.Message);
            return error is CliException { IsUsage: true } ? ExitCode.Usage : ExitCode.Failed;
        }
    }

    private static RootCommand Root(CliContext context)
    {
        var root = new RootCommand("Sends texts exactly as fast as your carriers allow, loses none, and shows where each one is.")
        {
            GlobalOptions.Data,
            GlobalOptions.Json,
        };
        root.Add(ServeVerb.Create(context, (options, cancel) => ServerHost.RunAsync(context, options.Configuration, options.HasConsole, DemoLink.FromEnvironment(context.Environment), cancel)));
        root.Add(DemoVerb.Create(context, (options, cancel) => new DemoRunner(context, options).RunAsync(cancel)));
        root.Add(SendVerb.Create(context));
        root.Add(MessagesVerb.Create(context));
        root.Add(CampaignsVerb.Create(context));
        root.Add(ChannelsVerb.Create(context));
        root.Add(SmppClientsVerb.Create(context));
        root.Add(QueuesVerb.Create(context));
        root.Add(JobsVerb.Create(context));
        root.Add(PlanVerb.Create(context));
        root.Add(KeysVerb.Create(context));
        root.Add(LoginVerb.Create(context));
        root.Add(BackupVerb.Create(context));
        root.Add(RestoreVerb.Create(context));
        root.Add(ImportVerb.Create(context));
        root.Add(ExportVerb.Create(context));
        root.Add(EraseVerb.Create(context));
        root.Add(DoctorVerb.Create(context));
        root.Add(SmscSimVerb.Create(context));
        root.Add(BenchVerb.Create(context));
        root.Add(VersionVerb.Create(context));
        return root;
    }

    /// <summary><c>strowger messages --status failed</c> is <c>strowger messages list --status failed</c>.</summary>
    private static string[] Complete(RootCommand root, string[] args)
    {
        var isGroup = root.Subcommands.Any(command => command.Name == args[0] && command.Subcommands.Any(below => below.Name == "list"));
        var asksHelp = args.Length > 1 && args[1] is "-h" or "-?" or "--help";
        return isGroup && !asksHelp && (args.Length == 1 || args[1].StartsWith('-')) ? [args[0], "list", .. args[1..]] : args;
    }

    private static int ReportUsage(ParseResult parsed, CliContext context)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var first, ..])
        {
            var known = command.Subcommands.Select(below => below.Name).Concat(command.Options.Select(option => option.Name));
            var meant = Suggestion.For(first, known);
            context.Error.WriteLine($"'{first}' is not known here.{(meant is null ? "" : $" Did you mean '{meant}'?")}");
        }
        else
        {
            foreach (var error in parsed.Errors)
            {
                context.Error.WriteLine(error.Message);
            }
        }

        context.Error.WriteLine($"Try '{string.Join(' ', Path(parsed.CommandResult).Prepend("strowger"))} --help'.");
        return ExitCode.Usage;
    }

    private static Stack<string> Path(System.CommandLine.Parsing.CommandResult command)
    {
        var names = new Stack<string>();
        for (var result = command; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            names.Push(result.Command.Name);
        }

        return names;
    }
}
