using System.Diagnostics;

namespace Strowger.Server.Demo;

/// <summary>Another process of this same program.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public Task Exited => _process.WaitForExitAsync();

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts <c>strowger ARGUMENTS</c> and waits for a line that says it is ready.</summary>
    /// <param name="arguments">Without the program.</param>
    /// <param name="environment">Beside our own.</param>
    /// <param name="isReady">Looks at each line of standard output and standard error.</param>
    /// <param name="onLine">Is told each line after that; lines are not kept.</param>
    /// <param name="cancel">Gives up and ends the child.</param>
    public static async Task<(ChildProcess Child, string ReadyLine)> StartAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Func<string, bool> isReady,
        Action<string> onLine,
        CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var child = new ChildProcess(process);
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var words = new List<string>();
        void OnLine(string? line)
        {
            if (line is null)
            {
                return;
            }

            if (!ready.Task.IsCompleted)
            {
                lock (words)
                {
                    words.Add(line);
                }

                if (isReady(line))
                {
                    ready.TrySetResult(line);
                }
            }
            else
            {
                onLine(line);
            }
        }

        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = child.Exited.ContinueWith(_ => ready.TrySetException(new IOException($"'strowger {arguments[0]}' ended before it was ready: {string.Join(" | ", words)}")), TaskScheduler.Default);
        try
        {
            return (child, await ready.Task.WaitAsync(cancel).ConfigureAwait(false));
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
