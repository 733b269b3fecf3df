using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Strowger.SystemTests.Harness;

/// <summary>The server's HTTP API as any client sees it.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _http;

    public Api(Uri address, string? key = StrowgerProcess.Key)
    {
        // Localhost: a proxy of the environment must not come between.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <exception cref="HttpRequestException">The server was away before or while it answered.</exception>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey = null, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        return new ApiAnswer((int)answer.StatusCode, Parse(text), answer.Headers);
    }

    public Task<ApiAnswer> PostAsync(string path, string json, string? idempotencyKey = null, CancellationToken cancel = default) =>
        SendAsync(HttpMethod.Post, path, Json(json), idempotencyKey, cancel);

    public Task<ApiAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, Json(json));

    /// <summary>One text.</summary>
    public Task<ApiAnswer> TextAsync(string to, string text, string? more = null, string? idempotencyKey = null, CancellationToken cancel = default) =>
        PostAsync("/v1/messages", Message(to, text, more), idempotencyKey, cancel);

    /// <summary>Lines of NDJSON in one request.</summary>
    public Task<ApiAnswer> BatchAsync(IEnumerable<string> lines, string? idempotencyKey = null, CancellationToken cancel = default) =>
        SendAsync(HttpMethod.Post, "/v1/messages/batch", Ndjson(new StringContent(string.Join('\n', lines) + "\n", Encoding.UTF8)), idempotencyKey, cancel);

    public Task<ApiAnswer> BatchAsync(HttpContent lines, string? idempotencyKey = null, CancellationToken cancel = default) =>
        SendAsync(HttpMethod.Post, "/v1/messages/batch", Ndjson(lines), idempotencyKey, cancel);

    public async Task<JsonElement> MessageAsync(string id) => (await GetAsync($"/v1/messages/{id}")).Expect(200).Body;

    public async Task<string> StatusAsync(string id) => (await MessageAsync(id)).GetProperty("status").GetString()!;

    /// <summary>Waits until a text has one of some statuses.</summary>
    public Task<string> ReachesAsync(string id, TimeSpan patience, params string[] statuses) =>
        Eventually.GetAsync($"{id} is {string.Join(" or ", statuses)}", patience, () => StatusAsync(id), statuses.Contains);

    /// <summary>A channel as the API shows it.</summary>
    public async Task<JsonElement> ChannelAsync(string name) =>
        (await GetAsync("/v1/channels")).Expect(200).Body.GetProperty("data").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    /// <summary>Parts that are not done for good, over all queues.</summary>
    public async Task<long> LiveAsync() =>
        (await GetAsync("/v1/queues")).Expect(200).Body.GetProperty("data").EnumerateArray().Sum(q => q.GetProperty("live").GetInt64());

    /// <summary>Waits until nothing is under way any more.</summary>
    public Task EmptyAsync(TimeSpan patience) => Eventually.GetAsync("nothing is under way", patience, LiveAsync, live => live == 0);

    public static string Message(string to, string text, string? more = null) =>
        $$"""{"to":{{JsonSerializer.Serialize(to)}},"from":"Strowger","text":{{JsonSerializer.Serialize(text)}}{{(more is null ? "" : "," + more)}}}""";

    public void Dispose() => _http.Dispose();

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static HttpContent Ndjson(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }

    private static JsonElement Parse(string text)
    {
        if (text.Length == 0 || text[0] is not ('{' or '['))
        {
            return default;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
