using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Strowger.Server.Demo;

/// <summary>The demo as a client of its own server: only what any program could call.</summary>
internal sealed class DemoApi : IDisposable
{
    private readonly HttpClient _http;

    public DemoApi(string address, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>A link for one login.</summary>
    public async Task<string> LoginLinkAsync(CancellationToken cancel)
    {
        using var answer = await _http.PostAsync(new Uri("/v1/logins", UriKind.Relative), null, cancel).ConfigureAwait(false);
        return (await ReadAsync(answer, cancel).ConfigureAwait(false)).GetProperty("url").GetString()!;
    }

    /// <summary>Sends lines and returns how many are safe; the stream is written as it is read.</summary>
    public async Task<long> BatchAsync(HttpContent lines, CancellationToken cancel)
    {
        using var answer = await _http.PostAsync(new Uri("/v1/messages/batch", UriKind.Relative), lines, cancel).ConfigureAwait(false);
        var body = await ReadAsync(answer, cancel).ConfigureAwait(false);
        return body.GetProperty("accepted").GetInt64();
    }

    /// <summary>The id of an accepted text, or null when the server is away or refuses.</summary>
    public async Task<string?> SendAsync(string json, string idempotencyKey, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? (await ReadAsync(answer, cancel).ConfigureAwait(false)).GetProperty("id").GetString()
            : null;
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel).ConfigureAwait(false);
        return await ReadAsync(answer, cancel).ConfigureAwait(false);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new IOException($"{answer.RequestMessage?.RequestUri?.AbsolutePath}: {(int)answer.StatusCode} {text}");
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
