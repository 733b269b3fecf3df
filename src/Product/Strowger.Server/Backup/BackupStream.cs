using System.Text.Json;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>
/// A server's answer to <c>POST /v1/backups</c>: a line each 250 ms with how far its journal is on the disk. As long as it is read, the
/// server deletes no history.
/// </summary>
internal sealed class BackupStream : IAsyncDisposable
{
    private readonly ApiClient _api;
    private readonly Stream _stream;
    private readonly StreamReader _lines;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private TaskCompletionSource<long> _next = New();
    private bool _ended;

    private BackupStream(ApiClient api, Stream stream)
    {
        _api = api;
        _stream = stream;
        _lines = new StreamReader(stream);
        _reading = Task.Run(ReadAsync);
    }

    public static async Task<BackupStream> OpenAsync(string socket, CancellationToken cancel)
    {
        var api = ApiClient.OverSocket(socket);
        try
        {
            return new BackupStream(api, await api.StreamAsync(HttpMethod.Post, "v1/backups", cancel).ConfigureAwait(false));
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    /// <summary>The end the server says next.</summary>
    /// <exception cref="ApiException">The server has stopped or is silent.</exception>
    public async ValueTask<long> EndAsync(CancellationToken cancel)
    {
        Task<long> next;
        lock (_gate)
        {
            next = _next.Task;
        }

        try
        {
            return await next.WaitAsync(BackupLimits.Silence, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Gone();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _lines.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
        _api.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _lines.ReadLineAsync(_stop.Token).ConfigureAwait(false) is { } line)
            {
                using var json = JsonDocument.Parse(line);
                Tell(json.RootElement.Integer("durable_end"));
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException or JsonException)
        {
            // Told below to whoever waits.
        }

        lock (_gate)
        {
            _ended = true;
            _next.TrySetException(Gone());
            _ = _next.Task.Exception;
        }
    }

    private void Tell(long end)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _next.TrySetResult(end);
                _next = New();
            }
        }
    }

    private static ApiException Gone() => new("The server has stopped while it was backed up; this backup is not finished. Run it again.");

    private static TaskCompletionSource<long> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
