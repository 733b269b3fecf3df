using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Strowger.Server.Demo;

/// <summary>Talks to a simulated carrier's control port: one JSON object a line each way.</summary>
internal sealed class CarrierControl(IPEndPoint endPoint)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    public IPEndPoint EndPoint => endPoint;

    /// <summary>What the carrier has counted.</summary>
    public async Task<JsonElement> ReportAsync(CancellationToken cancel) =>
        await AskAsync("""{"cmd":"report"}""", cancel).ConfigureAwait(false);

    /// <summary>Hangs up one bind, or all.</summary>
    public Task DisconnectAsync(int? bind, CancellationToken cancel) =>
        AskAsync(bind is { } number ? $$"""{"cmd":"disconnect","bind":{{number}}}""" : """{"cmd":"disconnect"}""", cancel);

    public Task OutageAsync(TimeSpan length, CancellationToken cancel) =>
        AskAsync($$"""{"cmd":"outage","seconds":{{length.TotalSeconds:0.###}}}""", cancel);

    private async Task<JsonElement> AskAsync(string command, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint, limit.Token).ConfigureAwait(false);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"), limit.Token).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = await reader.ReadLineAsync(limit.Token).ConfigureAwait(false)
            ?? throw new IOException("The simulated carrier hung up its control port.");
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
