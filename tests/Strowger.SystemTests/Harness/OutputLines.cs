using System.Text;

namespace Strowger.SystemTests.Harness;

/// <summary>Lines that a process has written, with waiting for one that is still to come.</summary>
internal sealed class OutputLines
{
    /// <summary>Lines kept; a process that says more than this in a test is out of its mind.</summary>
    private const int Max = 200_000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = New();
    private int _open;

    /// <summary>Reads a stream to its end, on a task of its own.</summary>
    public Task Follow(Stream stream)
    {
        Interlocked.Increment(ref _open);
        return Task.Run(async () =>
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (await reader.ReadLineAsync() is { } line)
            {
                Add(line);
            }

            Interlocked.Decrement(ref _open);
            Signal();
        });
    }

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>The first line from a place on that fits; null when the process has closed its output without one.</summary>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public async Task<(string Line, int Next)?> WaitAsync(int from, Func<string, bool> fits, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                for (; from < _lines.Count; from++)
                {
                    if (fits(_lines[from]))
                    {
                        return (_lines[from], from + 1);
                    }
                }

                if (Volatile.Read(ref _open) == 0)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The line did not come within {patience.TotalSeconds} s. {Tail()}");
            }
        }
    }

    /// <summary>The last lines, for a message of failure.</summary>
    public string Tail()
    {
        lock (_lock)
        {
            return "Last lines:\n  " + string.Join("\n  ", _lines.TakeLast(25));
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count < Max)
            {
                _lines.Add(line);
            }
        }

        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            before = _changed;
            _changed = New();
        }

        before.TrySetResult();
    }
}
