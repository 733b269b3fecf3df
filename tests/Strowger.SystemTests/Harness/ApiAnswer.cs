using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Strowger.SystemTests.Harness;

/// <summary>What the server answered, read to its end.</summary>
internal sealed record ApiAnswer(int Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? Code => Text("code");

    public string? Id => Text("id");

    public bool IsReplay => Headers.TryGetValues("Idempotency-Replayed", out _);

    /// <summary>Seconds.</summary>
    public double? RetryAfter => Headers.RetryAfter?.Delta?.TotalSeconds;

    public string? Text(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long Number(string name) => Body.GetProperty(name).GetInt64();

    public long? NumberOrNull(string name) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    /// <summary>The answer when it is the expected one.</summary>
    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, string.Create(CultureInfo.InvariantCulture, $"{status} was expected, {Status} came: {Body.GetRawText()}"));
        return this;
    }

    public override string ToString() => $"{Status} {(Body.ValueKind == JsonValueKind.Undefined ? "" : Body.GetRawText())}";
}
