using System.Diagnostics;

namespace Strowger.Load.Processes;

/// <summary>A process that we started and that ends with us. Its lines on both outputs are read; the last ones are kept for its obituary.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private const int KeptLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _last = new();
    private readonly Func<string, bool>? _onLine;

    private ChildProgram(Process process, Func<string, bool>? onLine)
    {
        _process = process;
        _onLine = onLine;
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    /// <param name="program">A file, or a name on the path.</param>
    /// <param name="arguments">One each.</param>
    /// <param name="environment">Beside our own.</param>
    /// <param name="onLine">Is told each line; true takes it, so that it is not among the last ones.</param>
    public static ChildProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, Func<string, bool>? onLine = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var child = new ChildProgram(process, onLine);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>What it said last.</summary>
    public string LastWords()
    {
        lock (_last)
        {
            return string.Join(" | ", _last);
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for something the process is to do.</summary>
    /// <exception cref="IOException">It ended instead, or the time is over.</exception>
    public async Task<T> WaitAsync<T>(Task<T> awaited, TimeSpan limit, string what, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var exit = _process.WaitForExitAsync(timeout.Token);
        var first = await Task.WhenAny(awaited, exit, Task.Delay(limit, timeout.Token)).ConfigureAwait(false);
        await timeout.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        return first == awaited
            ? await awaited.ConfigureAwait(false)
            : throw new IOException($"{_process.StartInfo.FileName} {(first == exit ? "ended" : $"took more than {limit.TotalSeconds} s")} before {what}: {LastWords()}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null || _onLine?.Invoke(line) == true)
        {
            return;
        }

        lock (_last)
        {
            _last.Enqueue(line);
            if (_last.Count > KeptLines)
            {
                _last.Dequeue();
            }
        }
    }
}
