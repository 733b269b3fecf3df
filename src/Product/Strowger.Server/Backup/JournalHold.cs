using Strowger.Engine.Inspection;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>
/// Keeps a data directory's journal as it is while it is copied: the running server deletes no history as long as we listen to it; of
/// one that does not run, the lock is ours.
/// </summary>
internal sealed class JournalHold : IAsyncDisposable
{
    private readonly IDisposable? _lock;
    private readonly BackupStream? _server;
    private readonly long _coldEnd;

    private JournalHold(IDisposable? directoryLock, BackupStream? server, long coldEnd)
    {
        _lock = directoryLock;
        _server = server;
        _coldEnd = coldEnd;
    }

    public bool IsLive => _server is not null;

    /// <exception cref="ApiException">A server's socket is there and cannot be reached.</exception>
    public static async Task<JournalHold> TakeAsync(string data, CancellationToken cancel)
    {
        var socket = Path.Combine(data, ApiClient.SocketName);
        var journal = Path.Combine(data, "journal");
        if (File.Exists(socket))
        {
            try
            {
                return new JournalHold(null, await BackupStream.OpenAsync(socket, cancel).ConfigureAwait(false), 0);
            }
            catch (ApiException error) when (error.Status is null)
            {
                // Left behind by a kill: the lock tells.
            }
        }

        if (!Directory.Exists(journal))
        {
            throw new CliException($"There is no journal in {data}. Name the data directory with --data DIR.");
        }

        var held = JournalInspection.Lock(journal);
        try
        {
            return new JournalHold(held, null, SegmentSource.List(journal) is [.., var last] ? JournalInspection.FindEnd(last) : 0);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Up to where the journal is on the disk, a moment ago.</summary>
    public ValueTask<long> EndAsync(CancellationToken cancel) => _server is null ? ValueTask.FromResult(_coldEnd) : _server.EndAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        _lock?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }
    }
}
