using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// The console's files, from within the program: no folder to deploy, none to tamper with. Pages name them under the hash of all
/// of them, and there they never change; under their bare name they are asked for again each time.
/// </summary>
public sealed class ConsoleAssets
{
    private const string Prefix = "console/";
    private const int HashCharacters = 16;

    private static readonly FrozenDictionary<string, string> _types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, Asset> _assets;
    private readonly string _version;

    public ConsoleAssets()
    {
        var assembly = typeof(ConsoleAssets).Assembly;
        _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Read(assembly.GetManifestResourceStream(name)!, System.IO.Path.GetExtension(name)), StringComparer.Ordinal);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, asset) in _assets.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            all.AppendData(asset.Bytes);
        }

        _version = Convert.ToHexStringLower(all.GetHashAndReset())[..HashCharacters];
    }

    internal IEnumerable<string> Names => _assets.Keys;

    /// <summary>Where a file is, with the version of all: what a browser has of it is right for ever.</summary>
    internal string Path(string name) => $"/assets/{_version}/{name}";

    /// <summary>Everything from here only, nothing inline, in nobody's frame (CSP 3).</summary>
    internal static void AddHeaders(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }

    /// <summary>Sends a file, or 304 when the browser has it (RFC 9110 13.1.2), or 404.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="version">As in the address; null under the bare name.</param>
    internal async Task ServeAsync(HttpContext context, string name, string? version)
    {
        var response = context.Response;
        AddHeaders(response);
        if (!_assets.TryGetValue(name, out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.Headers.ETag = asset.ETag;
        response.Headers.Vary = "Accept-Encoding";

        // A page of the version before asks for what is gone: it gets today's, which is not kept.
        response.Headers.CacheControl = version == _version ? "public, max-age=31536000, immutable" : "no-cache";
        if (context.Request.Headers.IfNoneMatch.Any(tags => tags?.Contains(asset.ETag, StringComparison.Ordinal) == true))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var bytes = asset.Bytes;
        if (context.Request.Headers.AcceptEncoding.Any(e => e?.Contains("gzip", StringComparison.OrdinalIgnoreCase) == true))
        {
            bytes = asset.Gzip;
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentType = asset.Type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Asset Read(Stream stream, string extension)
    {
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            using var small = new MemoryStream();
            using (var gzip = new GZipStream(small, CompressionLevel.SmallestSize))
            {
                gzip.Write(bytes);
            }

            var tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
            return new Asset(bytes, small.ToArray(), _types[extension], $"W/\"{tag}\"");
        }
    }

    private sealed record Asset(byte[] Bytes, byte[] Gzip, string Type, string ETag);
}
