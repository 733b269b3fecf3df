using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Strowger.Load;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger bench</c>: exit code 0 only when no figure missed its target.</summary>
internal static class BenchVerb
{
    private const long MaxFuzz = 10_000_000_000;

    public static Command Create(CliContext context)
    {
        var what = new Argument<string>("WHAT") { Description = "What to measure", DefaultValueFactory = _ => "sms" }.AcceptOnlyFromAmong("sms");
        var only = new Option<string[]>("--only") { Description = "Only this, may be given again: " + Names(), HelpName = "NAME" };
        only.AcceptOnlyFromAmong([.. LoadBench.Measurements.Select(m => m.Name)]);
        var quick = new Option<bool>("--quick") { Description = "A tenth of the size, for a first look" };
        var soak = DurationOption.Create("--soak", "Adds a steady 5,000 texts a second for so long, such as 20m");
        var fuzz = new Option<long>("--fuzz") { Description = "Adds so many hostile inputs for each reader of foreign octets", HelpName = "N" };
        fuzz.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() is < 0 or > MaxFuzz)
            {
                result.AddError($"--fuzz is 0 to {MaxFuzz}.");
            }
        });
        var command = new Command("bench", "Measures this machine, beside Kannel where it is installed") { what, only, quick, soak, fuzz };
        command.SetAction((parsed, ct) => RunAsync(
            new LoadOptions
            {
                Program = Environment.ProcessPath!,
                ProgramArguments = OwnArguments(),
                Only = parsed.GetValue(only) ?? [],
                Quick = parsed.GetValue(quick),
                Json = parsed.GetValue(GlobalOptions.Json),
                Directory = Path.GetFullPath(parsed.GetValue(GlobalOptions.Data) ?? Path.GetTempPath(), context.WorkingDirectory),
                Soak = parsed.GetValue(soak) ?? TimeSpan.Zero,
                Fuzz = parsed.GetValue(fuzz),
                Output = context.Out,
                Progress = context.Error,
            },
            ct));
        return command;
    }

    /// <summary>The processes a measurement started end with it: also when it is told to stop.</summary>
    private static async Task<int> RunAsync(LoadOptions options, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        try
        {
            return await LoadBench.RunAsync(options, stop.Token) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await options.Progress.WriteLineAsync("Stopped.");
            return ExitCode.Failed;
        }
    }

    /// <summary>Started as <c>dotnet strowger.dll</c>, a process of our own needs the program's file first.</summary>
    private static string[] OwnArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];

    private static string Names() => string.Join(", ", LoadBench.Measurements.Select(m => m.Name));
}
