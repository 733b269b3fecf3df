using System.Net;
using System.Text;
using System.Text.Json;

namespace Strowger.Server.Cli;

/// <summary>An answer of the server, read whole.</summary>
internal sealed class ApiResponse : IDisposable
{
    private readonly JsonDocument? _document;

    private ApiResponse(HttpStatusCode status, JsonDocument? document, TimeSpan? retryAfter)
    {
        Status = status;
        _document = document;
        RetryAfter = retryAfter;
    }

    public HttpStatusCode Status { get; }

    public TimeSpan? RetryAfter { get; }

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Undefined when the body was empty or no JSON.</summary>
    public JsonElement Json => _document?.RootElement ?? default;

    public static async Task<ApiResponse> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        JsonDocument? document = null;
        try
        {
            document = body.Length == 0 ? null : JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            // Not ours: a proxy's page. The status says enough.
        }

        var after = response.Headers.RetryAfter;
        return new ApiResponse(response.StatusCode, document, after?.Delta);
    }

    /// <summary>The problem document (RFC 9457) in words.</summary>
    public ApiException ToException()
    {
        var code = Json.Text("code");
        var text = new StringBuilder(Json.Text("detail") ?? Json.Text("title") ?? $"The server answered {(int)Status} {Status}.");
        foreach (var error in Json.List("errors"))
        {
            text.Append("\n  ").Append(error.Text("field") ?? error.Text("pointer")).Append(": ").Append(error.Text("detail"));
        }

        if (code is not null)
        {
            text.Append(" (").Append(code).Append(')');
        }

        if (RetryAfter is { } wait)
        {
            text.Append($" Try again in {Math.Max(1, Math.Ceiling(wait.TotalSeconds))} s.");
        }

        return new ApiException(text.ToString(), Status, code);
    }

    public void Dispose() => _document?.Dispose();
}
