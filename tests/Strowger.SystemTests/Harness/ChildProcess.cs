using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Strowger.SystemTests.Harness;

/// <summary>One process that a test starts: its lines, its signals, its end. Whatever is left when the tests end is killed.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    public const int Sigterm = 15;
    public const int Sigstop = 19;
    public const int Sigcont = 18;

    private static readonly ConcurrentDictionary<ChildProcess, bool> _running = new();

    private readonly Process _process;
    private readonly Task _output;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in _running.Keys)
        {
            child.Kill9();
        }
    };

    private ChildProcess(Process process, string name)
    {
        _process = process;
        Name = name;
        _output = Task.WhenAll(Out.Follow(process.StandardOutput.BaseStream), Error.Follow(process.StandardError.BaseStream));
        _running[this] = true;
    }

    public string Name { get; }

    public int Id => _process.Id;

    public OutputLines Out { get; } = new();

    public OutputLines Error { get; } = new();

    public StreamWriter Input => _process.StandardInput;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program with its three streams in our hands.</summary>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the tests run in must not reach what they test.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("STROWGER", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!, Path.GetFileName(file));
    }

    /// <summary>Waits for a line of standard error or standard output.</summary>
    public async Task<string> LineAsync(OutputLines lines, Func<string, bool> fits, TimeSpan patience, int from = 0)
    {
        var found = await lines.WaitAsync(from, fits, patience);
        return found?.Line ?? throw new InvalidOperationException($"{Name} ended before it said what was waited for. {Error.Tail()}\n{Out.Tail()}");
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public void Kill9()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        _running.TryRemove(this, out _);
    }

    public void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} to {Name} ({_process.Id}) failed: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Lets it go before other work of the machine, where we may.</summary>
    public void Prefer()
    {
        try
        {
            _process.PriorityClass = ProcessPriorityClass.High;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Only root may: measured without then.
        }
    }

    public void Terminate() => Signal(Sigterm);

    /// <summary>The exit code, once it has ended by itself and said its last line.</summary>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _output.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} has not ended within {patience.TotalSeconds} s. {Error.Tail()}");
        }

        _running.TryRemove(this, out _);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill9();
        await _output;
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
