using System.Collections;

namespace Strowger.Server.Cli;

/// <summary>Everything outside a command touches. Data goes to <see cref="Out"/>, all else to <see cref="Error"/>.</summary>
public sealed record CliContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>A person sits there: may be asked, and sees a moving bar.</summary>
    public required bool IsInteractive { get; init; }

    public static CliContext OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Time = TimeProvider.System,
        IsInteractive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
    };
}
