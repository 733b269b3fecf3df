using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Json;

/// <summary>What a body may say it is. None said is taken at its word: JSON.</summary>
internal static class ContentTypes
{
    public static Problem? NotJson(HttpContext context)
    {
        var type = context.Request.ContentType;
        return NotPlain(context) is { } packed ? packed
            : string.IsNullOrEmpty(type) || Is(type, "application/json") || MediaTypeOf(type).EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            ? null
            : Problem.Of("unsupported_media_type", $"The body is said to be {type}; send JSON with Content-Type: application/json.");
    }

    public static Problem? NotBatch(HttpContext context)
    {
        var type = context.Request.ContentType;
        return NotPlain(context) is { } packed ? packed
            : string.IsNullOrEmpty(type) || Is(type, "application/x-ndjson") || Is(type, "application/ndjson") || Is(type, "application/jsonl")
            || Is(type, "application/json") || Is(type, "application/octet-stream") || Is(type, "text/plain")
            ? null
            : Problem.Of("unsupported_media_type", $"The body is said to be {type}; send application/x-ndjson (one message a line) or application/json (an array).");
    }

    private static Problem? NotPlain(HttpContext context)
    {
        var coding = (string?)context.Request.Headers.ContentEncoding;
        return string.IsNullOrEmpty(coding) || coding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : Problem.Of("unsupported_media_type", $"The body is said to be packed ({coding}); send it plain.");
    }

    private static bool Is(string type, string wanted) =>
        ReferenceEquals(type, wanted) || MediaTypeOf(type).Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> MediaTypeOf(string type)
    {
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type.AsSpan(0, end)).Trim();
    }
}
