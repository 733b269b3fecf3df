using Strowger.Server.Http.Json;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: written by hand, checked against what is mapped.</summary>
internal static class OpenApiDocument
{
    private const string Resource = "openapi.json";

    private static readonly byte[] _document = Load();

    public static IEnumerable<OpenRoute> Routes => [new("GET", "/openapi/v1.json", GetAsync)];

    private static async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = JsonAnswer.ContentType;
        context.Response.ContentLength = _document.Length;
        await context.Response.BodyWriter.WriteAsync(_document).ConfigureAwait(false);
    }

    private static byte[] Load()
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without {Resource}.");
        var document = new byte[stream.Length];
        stream.ReadExactly(document);
        return document;
    }
}
