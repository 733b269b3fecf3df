namespace Strowger.Features.Messaging;

/// <summary>What came of looking for a row.</summary>
internal enum CsvScan
{
    Row,
    NeedMore,
    TooLong,
    UnclosedQuote,
    End,
}

/// <summary>Divides a stream into the rows of a CSV file; a quoted line end does not end one. Holds at most one row and one read.</summary>
internal sealed class CsvInput
{
    private const int FirstBuffer = 8 * 1024;
    private const int MaxBuffer = 2 * MessageLimits.MaxCsvRow;

    private readonly CsvSource _source;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;
    private int _scanned;
    private bool _quoted;
    private bool _skipping;
    private bool _completed;
    private long _line = 1;

    /// <summary>Octets before the buffer's first one.</summary>
    private long _before;

    public CsvInput(Stream stream) => _source = new CsvSource(stream);

    /// <summary>Goes on in the middle of a file that was found to be UTF-8 or octets, without a byte order mark.</summary>
    public CsvInput(Stream stream, long offset, long line)
    {
        _source = new CsvSource(stream, isPlain: true);
        _before = offset;
        _line = line;
    }

    /// <summary>Octet, after a byte order mark, at which the next row begins.</summary>
    public long Offset => _before + _start;

    /// <summary>Line on which the next row begins.</summary>
    public long NextLine => _line;

    /// <summary>False in the middle of a row that is passed over.</summary>
    public bool IsAtRow => !_skipping;

    /// <summary>0 while it is not known: then each of the four can come before a quote.</summary>
    public byte Delimiter { get; set; }

    /// <summary>Line on which the row that a problem was found in begins.</summary>
    public long RowLine { get; private set; }

    /// <summary>Reads more, after moving what is left to the start of the buffer.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _scanned -= _start;
        _end -= _start;
        _before += _start;
        _start = 0;
        if (_end > _buffer.Length / 2 && _buffer.Length < MaxBuffer)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _source.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        _completed = read == 0;
    }

    /// <summary>The next row without its line end, valid until <see cref="FillAsync"/>.</summary>
    public CsvScan TryNext(out ReadOnlyMemory<byte> row, out long line)
    {
        row = default;
        line = _line;
        while (true)
        {
            var end = FindEnd(out var length);
            if (end >= 0)
            {
                if (end - _start > MessageLimits.MaxCsvRow && !_skipping)
                {
                    RowLine = _line;
                    Consume(end + length);
                    return CsvScan.TooLong;
                }

                line = _line;
                var skipped = _skipping;
                _skipping = false;
                row = _buffer.AsMemory(_start, end - _start);
                Consume(end + length);
                if (skipped)
                {
                    continue;
                }

                return CsvScan.Row;
            }

            if (_end - _start > MessageLimits.MaxCsvRow || (_completed && _quoted))
            {
                return GiveUp();
            }

            if (!_completed)
            {
                return CsvScan.NeedMore;
            }

            line = _line;
            row = _buffer.AsMemory(_start, _end - _start);
            var empty = row.IsEmpty || _skipping;
            Consume(_end);
            return empty ? CsvScan.End : CsvScan.Row;
        }
    }

    /// <summary>A row too long for the buffer, or a quote open at the end of the file: an open quote costs one line, not all that follow.</summary>
    private CsvScan GiveUp()
    {
        RowLine = _line;
        var quoted = _quoted;
        var feed = quoted ? _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n') : -1;
        var again = _skipping;
        _quoted = false;
        if (feed >= 0)
        {
            Consume(_start + feed + 1);
            _skipping = false;
        }
        else
        {
            _scanned = _start = _end;
            _skipping = true;
        }

        return again ? _completed ? CsvScan.End : CsvScan.NeedMore : quoted ? CsvScan.UnclosedQuote : CsvScan.TooLong;
    }

    private void Consume(int upTo)
    {
        var taken = _buffer.AsSpan(_start, upTo - _start);
        var feeds = taken.Count((byte)'\n');
        for (var rest = taken; rest.IndexOf((byte)'\r') is var cr && cr >= 0; rest = rest[(cr + 1)..])
        {
            feeds += cr + 1 < rest.Length && rest[cr + 1] == '\n' ? 0 : 1;
        }

        _line += feeds;
        _start = _scanned = upTo;
        _quoted = false;
    }

    /// <summary>Index of the line end outside quotes and its length; -1 when there is none yet.</summary>
    private int FindEnd(out int length)
    {
        length = 1;
        var i = _scanned;
        while (i < _end)
        {
            var rest = _buffer.AsSpan(i, _end - i);
            var next = _quoted ? rest.IndexOf((byte)'"') : rest.IndexOfAny((byte)'"', (byte)'\n', (byte)'\r');
            if (next < 0)
            {
                i = _end;
                break;
            }

            i += next;
            switch (_buffer[i])
            {
                case (byte)'"' when _quoted:
                    // Its twin, or the end of the quote, is not known before the next octet.
                    if (i + 1 == _end && !_completed)
                    {
                        _scanned = i;
                        return -1;
                    }

                    var doubled = i + 1 < _end && _buffer[i + 1] == '"';
                    _quoted = doubled;
                    i += doubled ? 2 : 1;
                    break;
                case (byte)'"':
                    _quoted = !_skipping && (i == _start || IsDelimiter(_buffer[i - 1]));
                    i++;
                    break;
                case (byte)'\n':
                    return i;
                default:
                    if (i + 1 == _end && !_completed)
                    {
                        _scanned = i;
                        return -1;
                    }

                    length = i + 1 < _end && _buffer[i + 1] == '\n' ? 2 : 1;
                    return i;
            }
        }

        _scanned = i;
        return -1;
    }

    private bool IsDelimiter(byte b) => Delimiter == 0 ? CsvRow.IsCandidate(b) : b == Delimiter;
}
