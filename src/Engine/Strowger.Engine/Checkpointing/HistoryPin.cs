namespace Strowger.Engine.Checkpointing;

/// <summary>Let go once, however often it is disposed.</summary>
internal sealed class HistoryPin(Action release) : IDisposable
{
    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
