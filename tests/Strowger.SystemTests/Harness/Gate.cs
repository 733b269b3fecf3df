namespace Strowger.SystemTests.Harness;

/// <summary>Open or shut; whoever comes while it is shut waits.</summary>
internal sealed class Gate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = New();

    /// <summary>Done when it is open.</summary>
    public Task Opened
    {
        get
        {
            lock (_lock)
            {
                return _opened.Task;
            }
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _opened.TrySetResult();
        }
    }

    public void Shut()
    {
        lock (_lock)
        {
            if (_opened.Task.IsCompleted)
            {
                _opened = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
