using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Strowger.Smpp;

/// <summary>Our end of TLS over one socket, which disposes of nothing but itself. One reads and one writes at a time.</summary>
internal abstract class TlsEnd(Socket socket) : IDisposable
{
    /// <summary>Older versions are broken (RFC 8996).</summary>
    protected const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;

    private readonly SslStream _stream = new(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false);
    private volatile bool _open;

    /// <summary>Both sides have agreed, and our side may be believed to be private.</summary>
    public bool IsOpen => _open;

    /// <summary>The version agreed on, such as TLS 1.3; null before.</summary>
    public string? Version => !_open ? null : _stream.SslProtocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        var other => other.ToString(),
    };

    protected Socket Socket => socket;

    /// <summary>Shakes hands. The one who waits bounds the time, by closing the socket.</summary>
    /// <exception cref="TlsException">It failed.</exception>
    public async Task OpenAsync(CancellationToken closing)
    {
        try
        {
            await ShakeHandsAsync(_stream, closing).ConfigureAwait(false);
            _open = true;
        }
        catch (Exception e) when (TlsWords.IsTlsFailure(e))
        {
            throw new TlsException(WordsOf(e));
        }
    }

    /// <exception cref="TlsException">The connection broke, or what came was no TLS.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> free)
    {
        try
        {
            return await _stream.ReadAsync(free).ConfigureAwait(false);
        }
        catch (Exception e) when (TlsWords.IsTlsFailure(e))
        {
            throw new TlsException(TlsWords.Of(e));
        }
    }

    /// <summary>At most <see cref="TlsRecord.MaxPlaintext"/> octets.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets) => _stream.WriteAsync(octets);

    /// <summary>close_notify (RFC 8446, 6.1), so that the peer knows that nobody cut us off. Not waited for: a peer that reads nothing goes without.</summary>
    public void SayGoodbye()
    {
        try
        {
            var goodbye = _stream.ShutdownAsync();
            if (!goodbye.IsCompletedSuccessfully)
            {
                _ = goodbye.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (TlsWords.IsTlsFailure(e))
        {
            // The peer was faster.
        }
    }

    public void Dispose() => _stream.Dispose();

    protected abstract Task ShakeHandsAsync(SslStream stream, CancellationToken closing);

    /// <summary>Why shaking hands failed.</summary>
    protected abstract string WordsOf(Exception e);
}
