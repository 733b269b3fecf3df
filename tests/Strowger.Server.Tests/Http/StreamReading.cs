using System.Text.Json;

namespace Strowger.Server.Tests.Http;

/// <summary>A client of Server-Sent Events.</summary>
internal sealed class StreamReading : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private StreamReading(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    public static async Task<StreamReading> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("retry: ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        return new StreamReading(response, reader);
    }

    public string Header(string name) => _response.Headers.GetValues(name).Single();

    public async Task<(string Id, JsonElement Event)> NextAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        string? id = null;
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id!, JsonDocument.Parse(line[6..]).RootElement);
            }
        }

        throw new EndOfStreamException();
    }

    public async Task<bool> IsEndedAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        return (await _reader.ReadToEndAsync(patience.Token)).Trim().Length == 0;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
