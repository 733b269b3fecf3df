using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strowger.Server.Http.Json;

/// <summary>Writes JSON answers whole, with their length. Answers are bounded: a page, one thing, a problem.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";

    /// <summary>No page of ours is HTML: letters may stay as they are (the type is declared and sniffing forbidden).</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Task WriteAsync<T>(HttpContext context, int status, T state, Action<Utf8JsonWriter, T> write) =>
        WriteAsync(context, status, state, ContentType, write);

    public static async Task WriteAsync<T>(HttpContext context, int status, T state, string contentType, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var writer = new Utf8JsonWriter(buffer, Options);
        await using (writer.ConfigureAwait(false))
        {
            write(writer, state);
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>Done, nothing to say.</summary>
    public static Task NoContentAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
