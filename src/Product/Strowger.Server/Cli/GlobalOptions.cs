using System.CommandLine;

namespace Strowger.Server.Cli;

/// <summary>Options every verb has.</summary>
internal static class GlobalOptions
{
    public const string DefaultData = "./data";

    public static readonly Option<string?> Data = new("--data")
    {
        Description = $"Data directory; the server on it is reached by its control.sock. Default {DefaultData}",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "JSON on standard output", Recursive = true };

    /// <summary>The data directory as a full path.</summary>
    public static string DataDirectory(ParseResult parsed, CliContext context) =>
        Path.GetFullPath(parsed.GetValue(Data) ?? DefaultData, context.WorkingDirectory);
}
