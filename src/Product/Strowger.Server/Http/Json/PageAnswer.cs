using System.Text.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Json;

/// <summary>Lists: <c>{data: [...], next_cursor}</c>.</summary>
internal static class PageAnswer
{
    /// <summary>A page of a list that is in memory, by <c>limit</c> and <c>cursor</c>: the last one's name. Where that one is gone, the page begins with the first whose name is greater.</summary>
    public static Task ListAsync<T>(HttpContext context, IReadOnlyList<T> all, Func<T, string> nameOf, Action<Utf8JsonWriter, T> write)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var after = query.Text("cursor");
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var from = 0;
        if (after is not null)
        {
            from = all.TakeWhile(item => nameOf(item) != after).Count() + 1;
            from = from <= all.Count ? from : all.TakeWhile(item => string.CompareOrdinal(nameOf(item), after) < 0).Count();
        }

        var rows = all.Skip(from).Take(limit).ToArray();
        return WriteAsync(context, rows, from + rows.Length < all.Count ? nameOf(rows[^1]) : null, write);
    }

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
