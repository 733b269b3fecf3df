using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Strowger.Server.Http.Export;

namespace Strowger.Server.Cli;

/// <summary>
/// Speaks to a server: with <c>--data</c>, or without <c>STROWGER_URL</c>, over the data directory's control.sock; otherwise over the
/// network with <c>STROWGER_KEY</c>.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    public const string SocketName = "control.sock";
    public const string UrlVariable = "STROWGER_URL";
    public const string KeyVariable = "STROWGER_KEY";

    /// <summary>A batch of texts may wait for a slow disk; anything else is answered in milliseconds.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly string _where;

    private ApiClient(HttpMessageHandler handler, Uri address, string where, string? key)
    {
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("strowger", ProductVersion.Text));
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        _where = where;
    }

    /// <summary>Whether it is the server of this machine.</summary>
    public bool IsLocal { get; private init; }

    public static ApiClient Connect(CliContext context, ParseResult parsed)
    {
        var url = context.Environment.GetValueOrDefault(UrlVariable);
        return parsed.GetValue(GlobalOptions.Data) is null && !string.IsNullOrEmpty(url)
            ? OverNetwork(url, context.Environment.GetValueOrDefault(KeyVariable))
            : OverSocket(Path.Combine(GlobalOptions.DataDirectory(parsed, context), SocketName));
    }

    /// <summary>For a call that takes as long as there is much; before the first one.</summary>
    public ApiClient WithPatience(TimeSpan patience)
    {
        _http.Timeout = patience;
        return this;
    }

    public static ApiClient OverSocket(string path)
    {
        if (!File.Exists(path))
        {
            throw new ApiException(
                $"No server runs on {Path.GetDirectoryName(path)}. Start it with 'strowger serve --data DIR', or name it with --data DIR, or set {UrlVariable} and {KeyVariable} for one elsewhere.");
        }

        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new ApiClient(handler, new Uri("http://localhost/"), path, null) { IsLocal = true };
    }

    /// <summary>Sends and reads; a refusal is thrown.</summary>
    public async Task<ApiResponse> CallAsync(HttpMethod method, string path, string? json, CancellationToken ct)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        var response = await SendAsync(method, path, content, null, ct);
        if (!response.IsSuccess)
        {
            using (response)
            {
                throw response.ToException();
            }
        }

        return response;
    }

    public Task<ApiResponse> GetAsync(string path, CancellationToken ct) => CallAsync(HttpMethod.Get, path, null, ct);

    /// <summary>Sends and reads; the caller looks at the status.</summary>
    /// <exception cref="ApiException">The server was not reached.</exception>
    public async Task<ApiResponse> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return await ApiResponse.ReadAsync(response, ct);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException || (error is TaskCanceledException && !ct.IsCancellationRequested))
        {
            var cause = error.InnerException is SocketException socket ? socket.Message : error.Message;
            throw new ApiException($"The server at {_where} cannot be reached: {cause}{(cause.EndsWith('.') ? "" : ".")} Is it running?");
        }
    }

    /// <summary>Copies an answer that is text of any length, as it comes; a refusal is thrown.</summary>
    public async Task CopyAsync(string path, TextWriter to, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
        {
            using var refused = await ApiResponse.ReadAsync(response, ct);
            throw refused.ToException();
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct), Encoding.UTF8);
        var buffer = new char[32 * 1024];
        while (await reader.ReadAsync(buffer, ct) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }

    /// <summary>Reads an answer of any length, a JSON object a line.</summary>
    /// <returns>Parts the server left out.</returns>
    /// <exception cref="ApiException">The server was not reached, refused, or ended before its answer did.</exception>
    public async Task<long> ReadLinesAsync(string path, Action<JsonElement> take, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode)
            {
                using var refusal = await ApiResponse.ReadAsync(response, ct);
                throw refusal.ToException();
            }

            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                using var json = JsonDocument.Parse(line);
                take(json.RootElement);
            }

            return response.Headers.TryGetValues(UnsentEndpoint.InFlightHeader, out var left) && long.TryParse(left.First(), out var count) ? count : 0;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException || (error is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new ApiException($"The server at {_where} cannot be reached: {error.InnerException?.Message ?? error.Message}");
        }
    }

    /// <summary>An answer without end, to be read as it comes; a refusal is thrown.</summary>
    /// <exception cref="ApiException">The server was not reached, or refused.</exception>
    public async Task<Stream> StreamAsync(HttpMethod method, string path, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadAsStreamAsync(ct);
            }

            using (response)
            using (var refusal = await ApiResponse.ReadAsync(response, ct))
            {
                throw refusal.ToException();
            }
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException || (error is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new ApiException($"The server at {_where} cannot be reached: {error.InnerException?.Message ?? error.Message}");
        }
    }

    /// <summary>A path with those parameters that are given.</summary>
    public static string Query(string path, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var text = new StringBuilder(path);
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                text.Append(text.Length == path.Length ? '?' : '&').Append(name).Append('=')
                    .Append(Uri.EscapeDataString(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!));
            }
        }

        return text.ToString();
    }

    public void Dispose() => _http.Dispose();

    private static ApiClient OverNetwork(string url, string? key) =>
        Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? new ApiClient(new SocketsHttpHandler(), address, url, key)
            : throw new CliException($"{UrlVariable} is \"{url}\"; it must be like https://sms.example.com", isUsage: true);
}
