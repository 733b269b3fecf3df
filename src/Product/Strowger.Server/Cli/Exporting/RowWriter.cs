using System.Buffers;
using System.Text.Json;

namespace Strowger.Server.Cli.Exporting;

/// <summary>Writes JSON objects as lines of NDJSON, or as rows of CSV (RFC 4180, with line feeds) under a header.</summary>
internal sealed class RowWriter(TextWriter to, string format, IReadOnlyList<string> columns)
{
    public const string Ndjson = "ndjson";
    public const string Csv = "csv";

    private static readonly SearchValues<char> _quoted = SearchValues.Create(",\"\r\n");

    public long Count { get; private set; }

    public void Write(JsonElement row)
    {
        if (format == Ndjson)
        {
            to.Write(row.GetRawText());
            to.Write('\n');
        }
        else
        {
            if (Count == 0)
            {
                WriteRow(columns);
            }

            WriteRow(columns.Select(column => Value(row, column)));
        }

        Count++;
    }

    private static string? Value(JsonElement row, string column)
    {
        if (!row.TryGetProperty(column, out var value))
        {
            return null;
        }

        // Of an error its name, which is stable.
        return value.ValueKind == JsonValueKind.Object ? value.Text("name") ?? value.GetRawText() : value.Shown();
    }

    private void WriteRow(IEnumerable<string?> values)
    {
        var isFirst = true;
        foreach (var value in values)
        {
            if (!isFirst)
            {
                to.Write(',');
            }

            isFirst = false;
            to.Write(value is not null && value.AsSpan().ContainsAny(_quoted) ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value);
        }

        to.Write('\n');
    }
}
