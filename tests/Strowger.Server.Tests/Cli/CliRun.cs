using Strowger.Server.Cli;

namespace Strowger.Server.Tests.Cli;

/// <summary>Runs command lines in a directory of their own.</summary>
public sealed class CliRun : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("strowger-cli-").FullName;

    public string Socket
    {
        get
        {
            System.IO.Directory.CreateDirectory(Path.Combine(Directory, "data"));
            return Path.Combine(Directory, "data", "control.sock");
        }
    }

    public Dictionary<string, string> Environment { get; } = [];

    public string Input { get; set; } = "";

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public async Task<int> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(Input);
        var context = new CliContext
        {
            Out = output, Error = error, In = input, Environment = Environment, WorkingDirectory = Directory, Time = new HastyTime(), IsInteractive = false,
        };
        var code = await StrowgerCommand.RunAsync(args, context, TestContext.Current.CancellationToken);
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public string Write(string name, string content)
    {
        File.WriteAllText(Path.Combine(Directory, name), content);
        return name;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>A clock whose waits are over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
