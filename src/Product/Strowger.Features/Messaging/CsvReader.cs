using System.Globalization;

namespace Strowger.Features.Messaging;

/// <summary>
/// Reads a CSV file with a header row, as a stream: RFC 4180 and what is met besides. Comma, semicolon, tab or bar, told from the header (or a line "sep=;"); UTF-8 with or without a byte order
/// mark, UTF-16, and octets that are not UTF-8 taken for Windows-1252; lines ended by LF, CRLF or CR; blank lines passed over. Memory is bounded by one row. Not safe for several threads.
/// </summary>
public sealed class CsvReader
{
    private readonly CsvInput _input;
    private readonly CsvRow _row = new();
    private byte _delimiter;

    /// <summary>Reads from a stream, which the caller closes.</summary>
    public CsvReader(Stream stream) => _input = new CsvInput(stream);

    /// <summary>Goes on at a row that begins at an <see cref="Offset"/>; the stream stands there and is UTF-8 or octets without a byte order mark.</summary>
    public CsvReader(Stream stream, IReadOnlyList<string> columns, char delimiter, long offset, long line)
    {
        _input = new CsvInput(stream, offset, line) { Delimiter = (byte)delimiter };
        _delimiter = (byte)delimiter;
        Columns = columns;
    }

    /// <summary>Octet, after a byte order mark, at which the next row begins.</summary>
    public long Offset => _input.Offset;

    /// <summary>Line on which the next row begins.</summary>
    public long NextLine => _input.NextLine;

    /// <summary>Whether a row begins at <see cref="Offset"/>; not so in the middle of one that is passed over.</summary>
    public bool IsAtRow => _input.IsAtRow;

    /// <summary>The header's names, blanks around them dropped.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Line of the file on which the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the header or the row; its fields then do not count.</summary>
    public CsvProblem Problem { get; private set; }

    /// <summary>The character between fields.</summary>
    public char Delimiter => (char)_delimiter;

    /// <summary>The field of a column, UTF-8, valid until the next row; empty when the row is short.</summary>
    public ReadOnlySpan<byte> this[int column] => _row[column];

    /// <summary>Reads the header; false when there is none to work with, <see cref="Problem"/> says why.</summary>
    public async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var raw = await NextAsync(cancellationToken).ConfigureAwait(false);
        if (raw is { Length: 5 } && raw.Value.Span[..4].SequenceEqual("sep="u8))
        {
            _delimiter = raw.Value.Span[4];
            raw = await NextAsync(cancellationToken).ConfigureAwait(false);
        }

        if (raw is null || Problem != CsvProblem.None)
        {
            Problem = Problem == CsvProblem.None ? CsvProblem.NoHeader : Problem;
            return false;
        }

        _delimiter = _delimiter == 0 ? CsvRow.GuessDelimiter(raw.Value.Span) : _delimiter;
        _input.Delimiter = _delimiter;
        if (!_row.Parse(raw.Value.Span, _delimiter))
        {
            Problem = CsvProblem.TooManyColumns;
            return false;
        }

        var columns = new string[_row.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = System.Text.Encoding.UTF8.GetString(_row[i]).Trim();
        }

        Columns = columns;
        var distinct = new HashSet<string>(columns.Where(name => name.Length > 0), StringComparer.OrdinalIgnoreCase);
        Problem = distinct.Count == columns.Count(name => name.Length > 0) ? CsvProblem.None : CsvProblem.DuplicateColumn;
        return Problem == CsvProblem.None;
    }

    /// <summary>Reads the next row that is not blank; false at the end. A row with a <see cref="Problem"/> is counted and told, and reading goes on.</summary>
    public async ValueTask<bool> ReadRowAsync(CancellationToken cancellationToken)
    {
        var raw = await NextAsync(cancellationToken).ConfigureAwait(false);
        if (raw is null)
        {
            return Problem != CsvProblem.None;
        }

        var fits = _row.Parse(raw.Value.Span, _delimiter);
        for (var i = Columns.Count; fits && i < _row.Count; i++)
        {
            fits = _row[i].IsEmpty;
        }

        Problem = fits ? CsvProblem.None : CsvProblem.TooManyFields;
        return true;
    }

    /// <summary>Index of a column by name, in any case; -1 when there is none.</summary>
    public int Find(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i], column.Trim(), StringComparison.OrdinalIgnoreCase) && Columns[i].Length > 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The problem in words, with what is allowed.</summary>
    public string Explain() => string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Words()}");

    private string Words() => Problem switch
    {
        CsvProblem.None => "right",
        CsvProblem.NoHeader => "the file is empty; the first row has to name the columns, one of them 'to'",
        CsvProblem.DuplicateColumn => $"two columns have the same name; found are {string.Join(", ", Columns)}",
        CsvProblem.TooManyColumns => $"there are more than {MessageLimits.MaxCsvColumns} columns",
        CsvProblem.RowTooLong => $"the row is longer than {MessageLimits.MaxCsvRow} octets",
        CsvProblem.UnclosedQuote => "a quote is opened and not closed within the row's 65536 octets; a quote inside a quoted field is written twice",
        _ => $"the row has more fields than the header has columns ({Columns.Count}); a field with '{Delimiter}' in it has to be quoted",
    };

    private async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Problem = CsvProblem.None;
            CsvScan found;
            while ((found = _input.TryNext(out var row, out var line)) == CsvScan.Row)
            {
                Line = line;
                if (!row.Span.ContainsAnyExcept(" \t"u8))
                {
                    continue;
                }

                return row;
            }

            switch (found)
            {
                case CsvScan.TooLong or CsvScan.UnclosedQuote:
                    Line = _input.RowLine;
                    Problem = found == CsvScan.TooLong ? CsvProblem.RowTooLong : CsvProblem.UnclosedQuote;
                    return null;
                case CsvScan.End:
                    return null;
                default:
                    await _input.FillAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }
}
