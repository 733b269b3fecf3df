using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>What carries the octets of one connection: a socket, with TLS over it or without.</summary>
internal sealed class PduTransport(Socket socket, TlsEnd? tls) : IDisposable
{
    public Socket Socket => socket;

    public TlsEnd? Tls => tls;

    /// <summary>Octets may be sent and received.</summary>
    public bool IsOpen => tls is null || tls.IsOpen;

    public Task OpenAsync(CancellationToken closing) => tls is null ? Task.CompletedTask : tls.OpenAsync(closing);

    public ValueTask<int> ReceiveAsync(Memory<byte> free) => tls is null ? socket.ReceiveAsync(free, SocketFlags.None) : tls.ReadAsync(free);

    /// <param name="orderly">As <see cref="SocketClosing.Close"/>.</param>
    /// <param name="isWriting">A write is under way, which nothing may come into.</param>
    public void Close(bool orderly, bool isWriting)
    {
        if (orderly && !isWriting && tls is { IsOpen: true })
        {
            tls.SayGoodbye();
        }

        SocketClosing.Close(socket, orderly);
    }

    /// <summary>After the last octet has been read and written.</summary>
    public void Dispose() => tls?.Dispose();

    /// <summary>Why the connection ended; null when it was not the connection that failed.</summary>
    public static string? WordsOf(Exception e) => e switch
    {
        SocketException socket => SocketWords.Of(socket.SocketErrorCode),
        TlsException => e.Message,
        ObjectDisposedException or OperationCanceledException => "the connection was closed",
        _ => null,
    };
}
