using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Strowger.Load.Http;

/// <summary>Takes posts and gets over HTTP/1.1, counts them and answers 200: as little work as a receiver can do.</summary>
internal sealed class PostSink : IAsyncDisposable
{
    private static readonly byte[] _answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _run;
    private long _count;

    public PostSink()
    {
        _listener.Start();
        _run = Task.Run(AcceptAsync);
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public long Count => Interlocked.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _run.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync().ConfigureAwait(false);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var buffer = new byte[64 * 1024];
        var filled = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false) is > 0 and var read)
            {
                filled += read;
                while (RequestLength(buffer.AsSpan(0, filled)) is > 0 and var length)
                {
                    Interlocked.Increment(ref _count);
                    await socket.SendAsync(_answer).ConfigureAwait(false);
                    buffer.AsSpan(length, filled - length).CopyTo(buffer);
                    filled -= length;
                }
            }
        }
        catch (SocketException)
        {
            // The other side is gone.
        }
    }

    /// <summary>Octets of the first request; 0 while it is not whole.</summary>
    private static int RequestLength(ReadOnlySpan<byte> octets)
    {
        var head = octets.IndexOf("\r\n\r\n"u8);
        if (head >= 0 && octets.StartsWith("GET "u8))
        {
            return head + 4;
        }

        var at = head < 0 ? -1 : octets[..head].IndexOf("Content-Length: "u8);
        if (at < 0 || !Utf8Parser.TryParse(octets[(at + 16)..(head + 1)], out int body, out _))
        {
            return 0;
        }

        var length = head + 4 + body;
        return length <= octets.Length ? length : 0;
    }
}
