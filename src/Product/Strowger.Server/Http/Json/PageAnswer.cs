using System.Text.Json;

namespace Strowger.Server.Http.Json;

/// <summary>Lists: <c>{data: [...], next_cursor}</c>.</summary>
internal static class PageAnswer
{
    public static Task WriteAsync<T>(HttpContext context, IEnumerable<T> rows, string? next, Action<Utf8JsonWriter, T> write, Action<Utf8JsonWriter>? more = null) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (rows, next, write, more), static (writer, page) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data"u8);
            foreach (var row in page.rows)
            {
                page.write(writer, row);
            }

            writer.WriteEndArray();
            writer.WriteString("next_cursor"u8, page.next);
            page.more?.Invoke(writer);
            writer.WriteEndObject();
        });
}
