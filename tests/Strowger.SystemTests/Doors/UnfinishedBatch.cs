using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Doors;

/// <summary>A batch whose sender pauses for thought and never ends it: by hand, since HTTP clients read no answer before they have sent everything.</summary>
internal sealed class UnfinishedBatch : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    private readonly TcpClient _client = new();
    private readonly Uri _server;

    public UnfinishedBatch(Uri server) => _server = server;

    /// <summary>The head of the request and some of its body (RFC 9112, 7.1: one chunk).</summary>
    public async Task SendAsync(string lines)
    {
        await _client.ConnectAsync(_server.Host, _server.Port);
        var head = $"POST /v1/messages/batch HTTP/1.1\r\nHost: {_server.Authority}\r\nAuthorization: Bearer {StrowgerProcess.Key}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
        var size = Encoding.UTF8.GetByteCount(lines).ToString("X", CultureInfo.InvariantCulture);
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{head}{size}\r\n{lines}\r\n"));
    }

    /// <summary>All that the server says until it hangs up.</summary>
    public async Task<string> AnswerAsync()
    {
        using var limit = new CancellationTokenSource(_patience);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, limit.Token) is > 0 and var octets)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, octets));
            }
        }
        catch (IOException)
        {
            // Reset instead of ended, since our body was not: what came before counts.
        }

        return answer.ToString();
    }

    public void Dispose() => _client.Dispose();
}
