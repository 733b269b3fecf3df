using System.Buffers;
using System.Text;

namespace Strowger.Features.Messaging;

/// <summary>A text with the columns of a file in it: "Hello {name}". A brace itself is written twice.</summary>
public sealed class Template
{
    private readonly List<(byte[] Literal, int Column)> _segments = [];

    private Template()
    {
    }

    /// <summary>Reads a template for these columns; null with the reason when it is none.</summary>
    public static Template? Parse(string text, IReadOnlyList<string> columns, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(columns);
        error = text.Length > MessageLimits.MaxTextChars ? $"the template has {text.Length} characters; allowed are {MessageLimits.MaxTextChars}" : null;
        var template = new Template();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length && error is null; i++)
        {
            var c = text[i];
            var doubled = c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c;
            if (doubled || c is not ('{' or '}'))
            {
                literal.Append(c);
                i += doubled ? 1 : 0;
            }
            else if (c == '}')
            {
                error = $"'}}' at character {i + 1} closes nothing; write '}}}}' for a brace";
            }
            else
            {
                error = template.AddColumn(text, columns, literal, ref i);
            }
        }

        template._segments.Add((Encoding.UTF8.GetBytes(literal.ToString()), -1));
        return error is null ? template : null;
    }

    /// <summary>Writes the text for the reader's row, in UTF-8.</summary>
    public void Render(CsvReader row, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(destination);
        foreach (var (literal, column) in _segments)
        {
            destination.Write(literal);
            if (column >= 0)
            {
                destination.Write(row[column]);
            }
        }
    }

    private string? AddColumn(string text, IReadOnlyList<string> columns, StringBuilder literal, ref int i)
    {
        var end = text.IndexOf('}', i);
        if (end < 0)
        {
            return $"'{{' at character {i + 1} is not closed; write '{{{{' for a brace";
        }

        var name = text[(i + 1)..end].Trim();
        var column = -1;
        for (var c = 0; c < columns.Count && name.Length > 0; c++)
        {
            column = string.Equals(columns[c], name, StringComparison.OrdinalIgnoreCase) ? c : column;
        }

        if (column < 0)
        {
            return $"there is no column '{name}' (character {i + 1}); the file has {string.Join(", ", columns)}";
        }

        _segments.Add((Encoding.UTF8.GetBytes(literal.ToString()), column));
        literal.Clear();
        i = end;
        return null;
    }
}
