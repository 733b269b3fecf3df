using System.CommandLine;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Verbs;

/// <summary>What <c>serve</c> was asked for.</summary>
/// <param name="Configuration">Checked.</param>
/// <param name="Only">Parts to run in this process; empty is all.</param>
internal sealed record ServeOptions(ServerConfiguration Configuration, IReadOnlyList<string> Only);

/// <summary><c>strowger serve</c>: reads the configuration, then hands over.</summary>
internal static class ServeVerb
{
    public static Command Create(CliContext context, Func<ServeOptions, CancellationToken, Task<int>> run)
    {
        var source = new ConfigurationOptions();
        var only = new Option<string[]>("--only") { Description = "Runs one part in this process; may be given again", HelpName = "PART", AllowMultipleArgumentsPerToken = true }
            .AcceptOnlyFromAmong("messaging", "console");
        var command = new Command("serve", "Runs the server until SIGTERM or Ctrl-C") { only };
        source.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var result = ConfigurationLoader.Load(source.Read(parsed, context));
            return result.Value is { } configuration
                ? await run(new ServeOptions(configuration, parsed.GetValue(only) ?? []), ct)
                : ConfigurationOptions.Report(context, result.Problems);
        });
        return command;
    }
}
