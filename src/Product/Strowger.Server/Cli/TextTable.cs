using System.Text;
using System.Text.Json;

namespace Strowger.Server.Cli;

/// <summary>Columns of text, aligned with blanks: reads well on a terminal and in a pipe.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => Clean(cell ?? ""))]);

    public void WriteTo(TextWriter output)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                line.Append(row[column].PadRight(widths[column] + 2));
            }

            output.WriteLine(line.ToString().TrimEnd());
        }
    }

    /// <summary>A table of the members of JSON objects, headed by their names.</summary>
    public static void Write(TextWriter output, IEnumerable<JsonElement> rows, params string[] members)
    {
        var table = new TextTable([.. members.Select(name => name.ToUpperInvariant())]);
        foreach (var row in rows)
        {
            table.Add([.. members.Select(name => row.Text(name))]);
        }

        table.WriteTo(output);
    }

    /// <summary>What others wrote must not move the cursor or colour the terminal.</summary>
    public static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
}
