namespace Strowger.Server.Http.Channels;

/// <summary>Changes take turns: each reads what is kept and writes it anew. A chain of tasks rather than a lock, for they await.</summary>
internal sealed class Turns
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    public async Task<T> RunAsync<T>(Func<Task<T>> change)
    {
        Task before;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            before = _last;
            _last = done.Task;
        }

        await before.ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
        }
    }
}
