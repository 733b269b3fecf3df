using System.CommandLine;
using Strowger.Records.Sqlite;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger version</c>.</summary>
internal static class VersionVerb
{
    public static Command Create(CliContext context)
    {
        var command = new Command("version", "Prints the versions of Strowger and of what it runs on");
        command.SetAction(parsed =>
        {
            var runtime = Environment.Version.ToString();
            var sqlite = SqliteLibrary.EnsureLoaded();
            context.Out.WriteLine(parsed.GetValue(GlobalOptions.Json)
                ? JsonBody.Of(("strowger", ProductVersion.Text), ("dotnet", runtime), ("sqlite", sqlite))
                : $"strowger {ProductVersion.Text} (.NET {runtime}, SQLite {sqlite})");
            return ExitCode.Done;
        });
        return command;
    }
}
