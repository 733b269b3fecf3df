using System.Text.Json;

namespace Strowger.Server.ConsolePage;

/// <summary>A published view and the promise of the next one.</summary>
internal sealed class LiveFrame(LiveView? view)
{
    private readonly TaskCompletionSource<LiveFrame> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Made when the first stream asks; two at once make the same.
    private byte[]? _json;

    public LiveView? View => view;

    /// <summary>Completes when a newer one is published.</summary>
    public Task<LiveFrame> Next => _next.Task;

    public byte[] Json => _json ??= JsonSerializer.SerializeToUtf8Bytes(view!, LiveJson.Default.LiveView);

    public void Follow(LiveFrame next) => _next.SetResult(next);
}
