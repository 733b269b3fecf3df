using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Strowger.Features.Notifications.Mail;

/// <summary>One conversation with a mail server: lines out, replies in, each within its time. Bounded whatever the server sends.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    /// <summary>RFC 5321, 4.5.3.1.5 says 512; servers are chattier.</summary>
    private const int MaxLine = 4096;

    /// <summary>Lines of one reply: an EHLO has some 20.</summary>
    private const int MaxLines = 100;

    private readonly TimeSpan _timeout;
    private readonly byte[] _buffer = new byte[8192];
    private Stream _stream;
    private int _at;
    private int _length;

    private SmtpConnection(Stream stream, TimeSpan timeout)
    {
        _stream = stream;
        _timeout = timeout;
    }

    public static async Task<SmtpConnection> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = Limit(timeout, cancel);
            await socket.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            return new SmtpConnection(new NetworkStream(socket, ownsSocket: true), timeout);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"{host}:{port} did not answer within {timeout.TotalSeconds} s.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What was read in the clear does not count any more (RFC 3207, 5).</summary>
    public async Task StartTlsAsync(string host, RemoteCertificateValidationCallback? validate, CancellationToken cancel)
    {
        if (_at < _length)
        {
            throw new SmtpException(SmtpOutcome.Later, 0, "The server sent more after its answer to STARTTLS: somebody may have put it there.");
        }

        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        using var limit = Limit(_timeout, cancel);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = validate,
                },
                limit.Token).ConfigureAwait(false);
        }
        catch (AuthenticationException wrong)
        {
            throw new SmtpException(SmtpOutcome.Later, 0, $"TLS with {host} failed: {wrong.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"TLS with {host} was not done within {_timeout.TotalSeconds} s.");
        }
    }

    public async Task<SmtpReply> AskAsync(string command, CancellationToken cancel)
    {
        if (command.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A command is one line.", nameof(command));
        }

        await WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancel).ConfigureAwait(false);
        return await ReadAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The content of DATA: a line that begins with a dot gets another (RFC 5321, 4.5.2), and the dot that ends it.</summary>
    public async Task<SmtpReply> SendContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        await WriteAsync(Stuffed(content.Span), cancel).ConfigureAwait(false);
        return await ReadAsync(cancel).ConfigureAwait(false);
    }

    internal static byte[] Stuffed(ReadOnlySpan<byte> content)
    {
        var stuffed = new List<byte>(content.Length + 64);
        var atStart = true;
        foreach (var octet in content)
        {
            if (atStart && octet == (byte)'.')
            {
                stuffed.Add((byte)'.');
            }

            stuffed.Add(octet);
            atStart = octet == (byte)'\n';
        }

        if (!atStart)
        {
            stuffed.AddRange("\r\n"u8);
        }

        stuffed.AddRange(".\r\n"u8);
        return [.. stuffed];
    }

    public async Task<SmtpReply> ReadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        using var limit = Limit(_timeout, cancel);
        try
        {
            while (true)
            {
                var line = await ReadLineAsync(limit.Token).ConfigureAwait(false);
                if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599
                    || (line.Length > 3 && line[3] is not (' ' or '-')) || lines.Count == MaxLines)
                {
                    throw new IOException("The server does not speak SMTP.");
                }

                lines.Add(line.Length > 4 ? line[4..] : string.Empty);
                if (line.Length == 3 || line[3] == ' ')
                {
                    return new SmtpReply(code, lines);
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"The server did not answer within {_timeout.TotalSeconds} s.");
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancel)
    {
        using var limit = Limit(_timeout, cancel);
        try
        {
            await _stream.WriteAsync(octets, limit.Token).ConfigureAwait(false);
            await _stream.FlushAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"The server took nothing for {_timeout.TotalSeconds} s.");
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_at == _length)
            {
                _at = 0;
                _length = await _stream.ReadAsync(_buffer, cancel).ConfigureAwait(false);
                if (_length == 0)
                {
                    throw new IOException("The server hung up.");
                }
            }

            var octet = _buffer[_at++];
            if (octet == (byte)'\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            if (line.Length == MaxLine)
            {
                throw new IOException("The server does not speak SMTP: a line does not end.");
            }

            line.Append((char)octet);
        }
    }

    private static CancellationTokenSource Limit(TimeSpan timeout, CancellationToken cancel)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        return limit;
    }
}
