using System.Text.Json;

namespace Strowger.SystemTests.Harness;

/// <summary>One run of the command line to its end.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Out);
            return document.RootElement.Clone();
        }
    }

    public string FirstLine => Out.Split('\n')[0];

    /// <summary>The run when it ended as expected.</summary>
    public CliRun Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {exitCode} was expected, {ExitCode} came.\nOut: {Out}\nError: {Error}");
        return this;
    }
}

/// <summary>The command line as users run it.</summary>
internal static class Cli
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static Task<CliRun> RunAsync(params string[] arguments) => RunAsync(arguments, null);

    public static async Task<CliRun> RunAsync(string[] arguments, IReadOnlyDictionary<string, string>? environment, TimeSpan? patience = null)
    {
        await using var run = ChildProcess.Start(StrowgerProgram.Host, [StrowgerProgram.Dll, .. arguments], environment);
        run.Input.Close();
        var code = await run.ExitAsync(patience ?? _patience);
        return new CliRun(code, string.Join('\n', run.Out.All), string.Join('\n', run.Error.All));
    }
}
