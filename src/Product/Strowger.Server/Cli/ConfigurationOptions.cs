using System.CommandLine;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli;

/// <summary>The options that say where the configuration comes from.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string?> _file = new("--config") { Description = $"Configuration file, JSON with comments. Default {ConfigurationLoader.DefaultFile} if there is one", HelpName = "FILE" };
    private readonly Option<string[]> _set = new("--set") { Description = "One setting over the file's; may be given again", HelpName = "Section:Key=value" };

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_set);
    }

    public ConfigurationSources Read(ParseResult parsed, CliContext context) => new()
    {
        File = parsed.GetValue(_file),
        Settings = parsed.GetValue(_set) ?? [],
        Environment = context.Environment,
        DataDirectory = parsed.GetValue(GlobalOptions.Data),
        WorkingDirectory = context.WorkingDirectory,
    };

    /// <summary>Writes the mistakes, all of them.</summary>
    public static int Report(CliContext context, IReadOnlyList<ConfigurationProblem> problems)
    {
        context.Error.WriteLine($"The configuration has {(problems.Count == 1 ? "a mistake" : $"{problems.Count} mistakes")}:");
        foreach (var problem in problems)
        {
            context.Error.WriteLine("  " + problem);
        }

        return ExitCode.Configuration;
    }
}
