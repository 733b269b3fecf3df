namespace Strowger.Server;

internal static class Program
{
    private static Task<int> Main(string[] args) => Cli.StrowgerCommand.RunAsync(args);
}
