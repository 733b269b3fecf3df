namespace Strowger.Server.Cli;

/// <summary>A command cannot go on; the message says why and what to do.</summary>
internal sealed class CliException(string message, bool isUsage = false) : Exception(message)
{
    /// <summary>The command line itself is wrong.</summary>
    public bool IsUsage { get; } = isUsage;
}
