using System.CommandLine;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Verbs;

/// <summary>What <c>serve</c> was asked for.</summary>
/// <param name="Configuration">Checked.</param>
/// <param name="HasConsole">Whether people get pages; programs always get the API.</param>
internal sealed record ServeOptions(ServerConfiguration Configuration, bool HasConsole);

/// <summary><c>strowger serve</c>: reads the configuration, then hands over.</summary>
internal static class ServeVerb
{
    private const string Messaging = "messaging";
    private const string Console = "console";

    public static Command Create(CliContext context, Func<ServeOptions, CancellationToken, Task<int>> run)
    {
        var source = new ConfigurationOptions();
        var only = new Option<string[]>("--only") { Description = "Runs only these parts: messaging, console", HelpName = "PART", AllowMultipleArgumentsPerToken = true }
            .AcceptOnlyFromAmong(Messaging, Console);
        var command = new Command("serve", "Runs the server until SIGTERM or Ctrl-C") { only };
        source.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var parts = parsed.GetValue(only) ?? [];
            if (parts.Length > 0 && !parts.Contains(Messaging))
            {
                throw new CliException("--only console: the console is part of the process that has the data directory; messaging has to be in it too.", isUsage: true);
            }

            var result = ConfigurationLoader.Load(source.Read(parsed, context));
            return result.Value is { } configuration
                ? await run(new ServeOptions(configuration, parts.Length == 0 || parts.Contains(Console)), ct)
                : ConfigurationOptions.Report(context, result.Problems);
        });
        return command;
    }
}
